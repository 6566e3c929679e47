"""Loaded by the fork server only: the HTTP API's routes, a tenth of a second's work at every start, are made once."""

from holdline.web.app import api_routes

api_routes()
