"""Tags that come by themselves: what rules find, what a model may say, and when it is silent."""
