-- A policy that is switched off finds its dialogs.
CREATE INDEX dialogs_by_sla_policy ON dialogs (sla_policy_id) WHERE sla_policy_id IS NOT NULL AND state <> 'closed';
