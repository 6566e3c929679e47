"""The map of all tables: what each column holds about a customer. A house test compares it with the real schema of both
engines, so a new column needs an entry here.
"""

from holdline.store.privacy.marketing_tables import MARKETING
from holdline.store.privacy.people_tables import PEOPLE
from holdline.store.privacy.table_rule import TableRule
from holdline.store.privacy.talk_tables import TALK
from holdline.store.privacy.technical_tables import TECHNICAL

TABLES: tuple[TableRule, ...] = (*TECHNICAL, *MARKETING, *TALK, *PEOPLE)
