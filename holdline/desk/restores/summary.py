"""A hold in words, for the command line, the log and the probes."""

from holdline.desk.restores.notices import backup_moment
from holdline.dialogs.restores.hold import Hold


def describe_hold(hold: Hold) -> str:
    """“Restored from a backup of 2026-11-30 09:12 UTC. 132 from before wait (replies: 12, marketing: 120): …”."""
    parts = ", ".join(f"{kind}: {number:,}" for kind, number in hold.counts.items())
    waits = f"{hold.total:,} from before wait ({parts})" if parts else "nothing from before waits"
    return (
        f"Restored from a backup of {backup_moment(hold)}; on hold: {waits}. Decide with `holdline restore --release`"
        " or `--discard`, or, while the desk runs, in the notice that administrators get from the bot."
    )
