"""The fault campaigns: what each tries, the tests that carry it out, and its size for `make faults`.

In `make test` the same tests run in their short form. The sizes are chosen so that all campaigns end within an hour
on two cores; one that is set outside wins, as in `HOLDLINE_KILLS=1000 make faults CAMPAIGN=T1`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Campaign:
    """`tests` are paths or node ids below tests/. `sizes` are environment variables for the long form.

    `unit` names what is counted as tried.
    """

    id: str
    says: str
    unit: str
    tests: tuple[str, ...]
    sizes: Mapping[str, str] = field(default_factory=dict)


CAMPAIGNS = (
    Campaign(
        "T1",
        "kill -9 while people write, managers answer and programs send",
        "kills",
        ("faults/kills/test_kill.py", "faults/kills/test_desk_killed.py", "faults/jobs"),
        {"HOLDLINE_KILLS": "100", "HOLDLINE_JOB_KILLS": "5"},
    ),
    Campaign(
        "T1b",
        "kill at every call of one scripted day: statements, commits, requests",
        "kills",
        ("faults/points",),
        {"HOLDLINE_POINTS": "24"},
    ),
    Campaign(
        "T1m",
        "kill -9 in broadcasts, funnels and webhook deliveries",
        "kills",
        ("faults/broadcasts", "faults/funnels/test_funnels_killed.py", "faults/webhooks"),
        {"HOLDLINE_KILLS": "15", "HOLDLINE_RECIPIENTS": "300"},
    ),
    Campaign(
        "T2",
        "power cuts: writes that were not synced are lost or torn; PostgreSQL stopped abruptly",
        "cuts",
        ("faults/power",),
        {"HOLDLINE_CUTS": "1000"},
    ),
    Campaign(
        "T3",
        "random stories of dialogs, gate, outbox and marketing against a model",
        "stories",
        ("faults/test_delivery_story.py", "desk/test_random_story.py", "scheduler/funnels/test_story.py"),
        {"HOLDLINE_STORIES": "20"},
    ),
    Campaign(
        "T3b",
        "a whole desk in virtual time: people, deaths and faults from a seed",
        "stories",
        ("faults/simulation",),
        {"HOLDLINE_STORIES_TOLD": "3", "HOLDLINE_FATES": "10"},
    ),
    Campaign(
        "T4",
        "hostile updates: spoilt, built from the Bot API's description, made by Hypothesis",
        "updates",
        ("faults/updates/test_hostile_updates.py", "bot/test_intake_hostile.py"),
        {"HOLDLINE_UPDATES": "16000"},
    ),
    Campaign(
        "T5",
        "races on one customer, one chat, one funnel",
        "races",
        (
            "faults/locks/test_locks.py",
            "faults/locks/test_lock_session.py",
            "faults/funnels/test_marketing_races.py",
        ),
    ),
    Campaign(
        "T6",
        "a database that another process has locked for up to ten seconds, and four writers at once",
        "locks and writes",
        ("faults/stores/test_locked.py",),
        {"HOLDLINE_LOCKS": "2", "HOLDLINE_LOCK_KINDS": "3", "HOLDLINE_WRITES": "300"},
    ),
    Campaign(
        "T7",
        "the disk full at random moments, with and without the reserve, or read-only for a while",
        "fills",
        ("faults/stores/test_disk_full.py", "faults/stores/test_read_only.py", "store/disk"),
        {"HOLDLINE_FILLS": "16", "HOLDLINE_READ_ONLY_TIMES": "8"},
    ),
    Campaign(
        "T8",
        "PostgreSQL stopped, killed, slow, read-only; connections cut in the middle of a transaction",
        "outages",
        ("faults/stores/test_server_away.py", "store/engines/test_postgres_away.py"),
        {"HOLDLINE_OUTAGES": "10", "HOLDLINE_OUTAGE_TENTHS": "10", "HOLDLINE_AWAY_TENTHS": "700"},
    ),
    Campaign(
        "T9",
        "Telegram down with a long queue",
        "messages",
        ("faults/network/test_long_outage.py",),
        {
            "HOLDLINE_QUEUED": "100000",
            "HOLDLINE_CUSTOMERS": "1000",
            "HOLDLINE_DOWN_SECONDS": "45",
            "HOLDLINE_DRAIN_SECONDS": "20",
        },
    ),
    Campaign(
        "T10",
        "storms of 429, of chats and of the bot",
        "floods",
        ("faults/network/test_floods.py",),
        {"HOLDLINE_FLOODS": "20"},
    ),
    Campaign(
        "T11",
        "a token that is revoked, and replaced",
        "tests",
        (
            "faults/network/test_intake_troubled.py::test_a_revoked_token_stops_the_desk_with_a_sentence_and_the_queue_waits",
        ),
    ),
    Campaign(
        "T12",
        "two senders on one database: the leader killed, or frozen past its lease and woken",
        "leaders",
        ("faults/leaders",),
        {
            "HOLDLINE_PAIRS": "4",
            "HOLDLINE_LEADER_KILLS": "8",
            "HOLDLINE_LEASE_SECONDS": "15",
            "HOLDLINE_RIVAL_SECONDS": "60",
        },
    ),
    Campaign(
        "T13",
        "poison: updates that cannot be decoded, or whose handler raises, hangs or kills",
        "poisons",
        ("faults/updates/test_poison.py", "bot/test_worker_trouble.py", "bot/test_aside.py"),
        {"HOLDLINE_POISONS": "10"},
    ),
    Campaign(
        "T14",
        "strangers at the webhook endpoint",
        "requests",
        (
            "faults/network/test_webhook_endpoint_attacked.py",
            "web/test_webhook_endpoint.py",
            "web/test_webhook_endpoint_delivery.py",
        ),
    ),
    Campaign(
        "T15",
        "graceful stops under load, by one signal and by two",
        "stops",
        ("faults/kills/test_desk_stopped.py",),
        {"HOLDLINE_STOPS": "30"},
    ),
    Campaign(
        "T16",
        "minutes of work: memory, open files, tasks and the database's log do not grow",
        "messages",
        ("faults/soak",),
        {"HOLDLINE_SOAK_SECONDS": "480"},
    ),
    Campaign(
        "T17",
        "backups under load, restored on hold",
        "restores",
        ("faults/restores",),
        {"HOLDLINE_RESTORES": "5"},
    ),
    Campaign(
        "T18",
        "upgrades of the first released version, killed at their statements",
        "kills",
        ("faults/migrations", "app/test_old_desk.py"),
        {"HOLDLINE_MIGRATION_KILLS": "50"},
    ),
    Campaign("T19", "the matrix of rights", "tests", ("rights",)),
    Campaign(
        "T20",
        "generated calls of the HTTP API",
        "calls",
        ("web/test_schemathesis.py",),
        {"HOLDLINE_LIMITS_OF_EVERY": "1"},
    ),
    Campaign(
        "T22",
        "addresses that lead webhooks into the own network",
        "urls",
        ("faults/network/test_private_addresses.py", "scheduler/webhooks/test_webhook_addresses.py"),
    ),
    Campaign(
        "T23",
        "secrets, names and words of people in logs, pages and exports",
        "lines",
        ("faults/updates/test_secrets_kept.py", "app/test_logs.py"),
        {"HOLDLINE_LEAKS": "250"},
    ),
    Campaign(
        "T25",
        "crowds and customers who flood",
        "tests",
        ("faults/crowds/test_crowded_desk.py", "faults/crowds/test_private_desks.py"),
        {"HOLDLINE_CROWD": "12"},
    ),
    Campaign(
        "T27",
        "messages of managers, searched at customers for who wrote them",
        "messages",
        ("faults/updates/test_manager_identity.py", "journeys/dialogs/test_names.py"),
        {"HOLDLINE_MESSAGES": "400"},
    ),
    Campaign(
        "T28",
        "topics that die, groups that move, rights that are withdrawn",
        "tests",
        (
            "journeys/dialogs/test_topics_and_groups.py",
            "journeys/test_group_rights_withdrawn.py",
            "scheduler/delivery/test_lost_topics.py",
            "bot/people/test_group_rights.py",
        ),
    ),
    Campaign(
        "T29",
        "clocks that are set forward and back, by hours and days",
        "jumps",
        (
            "faults/jobs/test_clock_jumps.py",
            "scheduler/test_clock_set.py",
            "web/automation/test_rules_of_hours.py",
        ),
        {"HOLDLINE_JUMPS": "800"},
    ),
    Campaign(
        "T30",
        "keys that are each used fifty times at once",
        "calls",
        ("faults/network/test_repeated_calls.py", "web/test_repeats.py"),
        {"HOLDLINE_KEYS": "120"},
    ),
    Campaign(
        "T32",
        "outages of all kinds, and answers that are lost after the call was carried out",
        "messages",
        ("faults/network/test_telegram_away.py",),
        {"HOLDLINE_LOST_ANSWERS": "30"},
    ),
    Campaign(
        "T36",
        "plans and times of the queues and chores beside 200,000 finished rows",
        "plans",
        (
            "faults/stores/test_grown_queues.py",
            "faults/stores/test_statement_growth.py",
            "journeys/gate/test_plans.py",
        ),
        {"HOLDLINE_FINISHED": "200000", "HOLDLINE_WAITING": "10000"},
    ),
)
