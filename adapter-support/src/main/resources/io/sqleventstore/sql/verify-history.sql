SELECT position,
       CASE WHEN revision <> due THEN 'the revision is not the one before plus 1'
            WHEN COALESCE(prior_revision, 0) <> due - 1 THEN 'the prior revision is not the one before'
            WHEN previous_id IS NULL AND before_id IS NULL THEN 'the position is not above the one before'
            WHEN previous_id IS NULL OR before_id IS NULL OR previous_id <> before_id THEN 'the previous id is not the event before'
            ELSE 'the position is not above the one before' END
FROM (SELECT position, revision, prior_revision, previous_id,
             COALESCE(LAG(revision) OVER (PARTITION BY entity, entity_key ORDER BY revision, position), 0) + 1 AS due,
             LAG(event_id) OVER (PARTITION BY entity, entity_key ORDER BY revision, position) AS before_id,
             COALESCE(LAG(position) OVER (PARTITION BY entity, entity_key ORDER BY revision, position), 0) AS before_position
      FROM {p}event_ledger) h
WHERE revision <> due
   OR COALESCE(prior_revision, 0) <> due - 1
   OR (previous_id IS NULL AND before_id IS NOT NULL)
   OR (previous_id IS NOT NULL AND before_id IS NULL)
   OR previous_id <> before_id
   OR position <= before_position
ORDER BY position
