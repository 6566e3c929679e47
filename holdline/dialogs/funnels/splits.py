"""Which branch of a split a customer takes. A hash decides, so nothing is stored and the choice never changes."""

from hashlib import sha256

from holdline.dialogs.funnels.conditions import FunnelProfile
from holdline.dialogs.funnels.steps import SplitBranch, SplitStep


def choose_branch(step: SplitStep, *, funnel: str, profile: FunnelProfile) -> tuple[int, SplitBranch]:
    """The number and the branch. Equal for the same customer in every version that keeps the step's label, or else its
    address. A dry run may name the branch.
    """
    for number, branch in enumerate(step.branches):
        if branch.name in profile.branches:
            return number, branch
    seed = f"{funnel}\n{step.label or step.address}\n{profile.key}"
    percent = int.from_bytes(sha256(seed.encode()).digest()[:8]) % 100
    for number, branch in enumerate(step.branches):
        percent -= branch.share
        if percent < 0:
            return number, branch
    raise AssertionError("the shares of a split make 100")
