"""Marketing as the desk sees and makes it: what is held, broadcasts, funnels, the way out."""
