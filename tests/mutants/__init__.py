"""The product, broken on purpose: one patch for each fault, with the test that must notice it."""
