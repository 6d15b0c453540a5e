"""Every template in every state, with sample people: `linnet serve --dev` shows it, and the tests look at the same.

A node that was not started so has no such pages, and loads nothing of this.
"""

from aiohttp import web

from web.gallery import views

ROUTES = [web.get("/dev/gallery", views.index), web.get("/dev/gallery/{name}", views.show)]
