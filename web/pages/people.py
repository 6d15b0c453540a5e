"""Pages that list people: the directory of those who want to be found, followers, and who did something with a post."""

from typing import Any

from aiohttp import web

from node import store
from node.models import Account
from node.services.accounts import lists as account_lists
from node.services.interactions import favourites, reblogs
from node.speech import said, say
from web import params
from web.pages import addressed, answers, handles, paging, posts, visitors
from web.pages.forms import Form

_PEOPLE = 40


async def directory(request: web.Request) -> web.Response:
    """`?order=new` for those who came last; members may look among people of other servers, too: `?place=everywhere`."""
    reader_id, offset = answers.reader_id(request), paging.offset(request)
    asked = Form(params.query_items(request))
    newest = asked.text("order") == "new"
    local = reader_id is None or asked.text("place") != "everywhere"

    def load() -> tuple[list[Any], dict[str, Any]]:
        found = account_lists.directory(reader_id, limit=_PEOPLE, offset=offset, local=local, newest=newest)
        accounts = posts.people(found)
        return accounts, posts.relations(reader_id, accounts)

    async def context() -> dict[str, Any]:
        accounts, relationships = await store.read(load)
        return {
            "title": say("People"),
            "back": "",
            "directory": {"newest": newest, "local": local},
            "accounts": accounts,
            "relationships": relationships,
            "empty_text": say("Nobody here wants to be found yet."),
            **paging.counted_links(request, len(accounts), _PEOPLE),
        }

    return await visitors.show(request, "people.html", context)


async def followers(request: web.Request) -> web.Response:
    account = await handles.account_of(request)
    return await _people(request, account, account_lists.followers, account.id, title=said("Followers of %(name)s"))


async def following(request: web.Request) -> web.Response:
    account = await handles.account_of(request)
    return await _people(request, account, account_lists.following, account.id, title=said("Whom %(name)s follows"))


async def favourited_by(request: web.Request) -> web.Response:
    return await _of_status(request, "/favourites", favourites.accounts, said("Favourites of a post by %(name)s"))


async def reblogged_by(request: web.Request) -> web.Response:
    return await _of_status(request, "/reblogs", reblogs.accounts, said("Boosts of a post by %(name)s"))


async def _of_status(request: web.Request, below: str, find: Any, title: str) -> web.Response:
    status, author = await addressed.status_of(request, below)
    back = f"{handles.path_of(author)}/{status.id}"
    return await _people(request, author, find, status.id, title=title, back=back)


async def _people(
    request: web.Request, account: Account, find: Any, subject: int, *, title: str, back: str = ""
) -> web.Response:
    """The page of `find(reader_id, subject, page)`, which gives (id of the row, id of the account)."""
    reader_id, page = answers.reader_id(request), paging.asked(request, size=_PEOPLE)

    def load() -> tuple[list[int], dict[str, Any]]:
        rows = find(reader_id, subject, page)
        accounts = posts.people(account_id for _, account_id in rows)
        return [row_id for row_id, _ in rows], {
            "accounts": accounts,
            "relationships": posts.relations(reader_id, accounts),
        }

    ids, context = await store.read(load)
    return await answers.show(
        request,
        "people.html",
        headers={"Vary": visitors.VARY, "X-Robots-Tag": "noindex"},
        title=say(title, name=account.display_name.strip() or f"@{account.username}"),
        back=back or handles.path_of(account),
        empty_text=say("Nobody yet, or not for everybody to see."),
        **context,
        **paging.links(request, ids, page),
    )


ROUTES = [
    web.get("/people", directory),
    web.get("/@{acct}/followers", followers),
    web.get("/@{acct}/following", following),
    web.get(r"/@{acct}/{id:\d+}/favourites", favourited_by),
    web.get(r"/@{acct}/{id:\d+}/reblogs", reblogged_by),
]
