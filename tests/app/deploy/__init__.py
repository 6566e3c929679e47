"""The deliverables that run Holdline: the wheel, the container, the units, the steps of an upgrade."""
