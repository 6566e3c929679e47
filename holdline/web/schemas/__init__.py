"""Request and response bodies of the contract, one module per subject; the OpenAPI document is generated from them."""
