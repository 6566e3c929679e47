-- Whether a customer is in a funnel, was in it, reached a goal: answered without a look at the enrolments themselves.
CREATE INDEX enrolments_of_audience ON enrolments (customer_id, funnel_id, state, goal);
