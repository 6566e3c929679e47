"""Running funnels: who enters, what follows when, answers and presses of customers, and how an enrolment ends."""
