"""The shapes of the contract, one module a noun; the OpenAPI document is made of them."""
