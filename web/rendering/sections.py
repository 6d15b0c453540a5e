"""What the settings consist of, and the other places of somebody's own that telephones have no room for at the edge."""

from typing import NamedTuple

from node.speech import said


class Section(NamedTuple):
    id: str  # its page is /settings/<id>
    icon: str
    name: str
    about: str


SECTIONS: tuple[tuple[str, tuple[Section, ...]], ...] = (
    (
        said("You"),
        (
            Section("profile", "person", said("Profile"), said("Name, pictures, words about you")),
            Section("privacy", "globe", said("Privacy and reach"), said("Who finds, follows and features you")),
            Section("appearance", "sliders", said("Appearance"), said("Language, colours, letters, keys")),
            Section("notifications", "bell", said("Notifications"), said("In this browser and by e-mail")),
        ),
    ),
    (
        said("Writing and reading"),
        (
            Section("posting", "pen", said("Posting and reading"), said("How new posts begin, what is opened")),
            Section("interactions", "reply", said("Who may do what"), said("Answers, quotes, boosts and favourites")),
            Section("filters", "quiet", said("Filters"), said("Posts that you would rather not see")),
            Section("hidden", "eyeoff", said("Muted and blocked"), said("People and servers")),
            Section("deletion", "trash", said("Automatic deletion"), said("Of old posts, with exceptions")),
        ),
    ),
    (
        said("Account and security"),
        (
            Section("account", "cog", said("Account"), said("E-mail address, password, deletion")),
            Section("sessions", "phone", said("Sessions"), said("Where you are signed in")),
            Section("two-factor", "key", said("Two factors"), said("A code besides the password")),
            Section("passkeys", "key", said("Passkeys"), said("Sign in without a password")),
            Section("apps", "compass", said("Apps"), said("What may act for you, and tokens")),
            Section("organisations", "people", said("Organisations"), said("Accounts that several people share")),
            Section("invites", "ticket", said("Invitations"), said("For people whom you know")),
        ),
    ),
    (
        said("Coming and going"),
        (
            Section("moving", "external", said("Name and moving"), said("Another name, or another server")),
            Section("portability", "copy", said("Import and export"), said("Lists, posts, a whole archive")),
        ),
    ),
)

# Path, icon, name. Beside the page on wide windows, on telephones here alone.
PLACES = (
    ("/lists", "list", said("Lists")),
    ("/bookmarks", "bookmark", said("Bookmarks")),
    ("/favourites", "star", said("Favourites")),
    ("/collections", "people", said("Collections")),
    ("/statistics", "chart", said("Statistics")),
    ("/drafts", "pen", said("Drafts")),
    ("/scheduled", "clock", said("Scheduled posts")),
    ("/follow-requests", "userplus", said("Follow requests")),
    ("/announcements", "bell", said("Announcements")),
    ("/reports", "flag", said("Your reports")),
    ("/decisions", "shield", said("Decisions about you")),
)
