"""Small changes to every function of some rooms, made by a tool: which of them do the tests notice?"""
