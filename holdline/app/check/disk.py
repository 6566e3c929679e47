"""Whether the disk has room for the reserve that a running desk keeps beside a SQLite database."""

from holdline.app.check.results import WARNING, Finding
from holdline.app.configuration import Configuration
from holdline.store.engines.disk_reserve import MEGABYTE, DiskReserve


def disk_findings(configuration: Configuration) -> list[Finding]:
    database, megabytes = configuration.database_file, configuration.settings.store.reserve_megabytes
    if database is None or not megabytes:
        return []
    reserve = DiskReserve(database, megabytes * MEGABYTE)
    if reserve.has_room:
        return []
    mend = f"Free {reserve.needed // MEGABYTE} MB there, or lower store.reserve_megabytes; 0 works without a reserve."
    sentence = f"The disk of {database.parent.absolute()} has no room for the reserve of {megabytes} MB."
    return [Finding(WARNING, "no_room_for_reserve", sentence, mend)]
