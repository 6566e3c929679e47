"""Tags that come by themselves: the rules, and what people took off again."""
