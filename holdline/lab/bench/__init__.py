"""Speed and weight, measured: each figure beside a floor taken in the same run on the same machine."""
