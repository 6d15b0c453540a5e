"""The people of the demo and what they say: two invented nodes, Whinmoor and Heathland, on one ordinary weekend.

`{ines}` in a text is her handle as it is written where the text is posted. A post is named by `key`; what answers,
boosts or likes it names that.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Person:
    name: str
    shown_as: str
    node: str
    about: str
    fields: tuple[tuple[str, str], ...] = ()
    header: str = "dawn"
    role: str = "user"
    is_organisation: bool = False
    locked: bool = False


@dataclass(frozen=True, kw_only=True)
class Picture:
    drawing: str
    alt: str


@dataclass(frozen=True, kw_only=True)
class Post:
    key: str
    by: str
    text: str
    reply_to: str = ""
    visibility: str = "public"
    warning: str = ""
    language: str = "en"
    pictures: tuple[Picture, ...] = ()
    poll: tuple[str, ...] = ()
    pinned: bool = False
    boosted_by: tuple[str, ...] = ()
    liked_by: tuple[str, ...] = ()
    kept_by: tuple[str, ...] = ()
    votes: dict[str, int] = field(default_factory=dict)


# The password of everybody in the demo, which nobody but this machine can reach.
PASSWORD = "gorse in bloom"  # noqa: S105

NODES = {
    "whinmoor": ("Whinmoor", "A small town under a large moor, and its maps."),
    "heathland": ("Heathland", "For people who look at birds, water and hedges longer than is usual."),
}

PEOPLE = (
    Person(
        name="wren",
        shown_as="Wren Halloran",
        node="whinmoor",
        about="I keep this node running and the kettle on. Ask me about either.",
        fields=(("Kettle", "on"),),
        role="admin",
    ),
    Person(
        name="tomas",
        shown_as="Tomás Lind",
        node="whinmoor",
        about="I draw paths, also the ones that are gone. Maps on Sundays, mistakes on Mondays. #maps",
        fields=(("Ink", "oak gall, madder"), ("Pace", "slow")),
        header="map",
    ),
    Person(
        name="library",
        shown_as="Whinmoor Library",
        node="whinmoor",
        about="Open when the blue flag is out. Map evening every Thursday.",
        fields=(("Open", "Tuesday to Saturday"), ("Cat", "yes")),
        is_organisation=True,
    ),
    Person(
        name="bram",
        shown_as="Bram",
        node="whinmoor",
        about="Pots, mostly round. I take follow requests slowly, like everything.",
        header="kiln",
        locked=True,
    ),
    Person(
        name="ines",
        shown_as="Ines Okafor",
        node="heathland",
        about="Counts linnets before breakfast. Ornithologist on weekdays, walker on all the others. #birdsong",
        fields=(("Seen this year", "143"), ("Binoculars", "older than me")),
        header="moor",
    ),
    Person(
        name="yuki",
        shown_as="Yuki Arden",
        node="heathland",
        about="Tide tables, seaweed, late trains. The sea is the only one who is on time.",
        header="tide",
        role="admin",
    ),
    Person(
        name="odile",
        shown_as="Odile Marchetti",
        node="heathland",
        about="I live on the canal, at four miles an hour.",
        header="canal",
    ),
    Person(name="farah", shown_as="فرح ناصر", node="heathland", about="حديقة صغيرة وكلام قليل.", header="roses"),
)

# Who follows whom, in both directions between the nodes.
FOLLOWS = {
    "wren": ("tomas", "library", "bram", "ines", "yuki"),
    "tomas": ("library", "bram", "ines", "yuki", "odile", "farah"),
    "library": ("tomas", "ines", "odile"),
    "bram": ("tomas", "wren", "ines", "farah"),
    "ines": ("tomas", "library", "bram", "yuki", "odile", "farah"),
    "yuki": ("ines", "odile", "tomas", "wren"),
    "odile": ("ines", "yuki", "farah", "tomas", "library"),
    "farah": ("ines", "odile", "bram"),
}

# Whom somebody has in which list.
LISTS = {
    "wren": {"Close friends": ("ines", "bram"), "Moor maps": ("tomas", "library")},
    "odile": {"Along the water": ("yuki", "farah")},
}

POSTS = (
    Post(
        key="hello",
        by="tomas",
        text="New here? I post maps on Sundays and mistakes on Mondays. All drawings are free to print for schools and "
        "walking clubs; just tell me where you went. #introduction #maps",
        pinned=True,
        boosted_by=("library",),
        liked_by=("ines", "wren", "yuki"),
    ),
    Post(
        key="garden",
        by="farah",
        text="صباح الخير من الحديقة. الورد لا يعرف أن اليوم هو الأحد.",
        language="ar",
        pictures=(Picture(drawing="roses", alt="أزهار حمراء ووردية وبيضاء في حديقة خضراء."),),
        boosted_by=("odile",),
        liked_by=("ines", "bram", "tomas"),
    ),
    Post(
        key="physio",
        by="bram",
        text="The physio says “no lifting for two weeks”, which is a long time for someone whose whole job is lifting "
        "clay.",
        warning="Health, mild grumbling",
        visibility="private",
        liked_by=("tomas", "wren"),
    ),
    Post(
        key="tea",
        by="tomas",
        text="Things a paper map does that a phone does not: it gets better when you spill tea on it.",
        boosted_by=("ines", "odile"),
        liked_by=("ines", "yuki", "odile", "wren", "library"),
    ),
    Post(
        key="tide",
        by="yuki",
        text="If a tide table is a timetable, then the sea has never once been late. #slowtrains",
        pictures=(
            Picture(
                drawing="tide",
                alt="A calm sea in the morning, a rocky point with a small white lighthouse, and a low sun over it.",
            ),
        ),
        boosted_by=("ines", "tomas"),
        liked_by=("tomas", "odile", "wren"),
        kept_by=("odile",),
    ),
    Post(
        key="canal",
        by="odile",
        text="The boat and I have moved eleven miles this week, and everybody who overtook us was on foot. #slowtrains",
        pictures=(
            Picture(drawing="canal", alt="A red narrowboat with a green cabin on a canal between soft green hills."),
        ),
        liked_by=("yuki", "farah", "tomas"),
    ),
    Post(
        key="path1",
        by="tomas",
        text="How to draw a path that no longer exists. First, ask three people where it went. You will get four "
        "answers, and that is already a map. 1/3 #maps #moorland",
        pictures=(
            Picture(
                drawing="map",
                alt="A hand-drawn contour map: brown rings of height, a blue stream, and a dashed red footpath that "
                "crosses both.",
            ),
        ),
        boosted_by=("library", "odile"),
        liked_by=("ines", "library", "wren"),
        kept_by=("ines",),
    ),
    Post(key="path2", by="tomas", reply_to="path1", text="Second, walk the answer you believe least. 2/3"),
    Post(
        key="path3",
        by="tomas",
        reply_to="path2",
        text="Third, draw it in pencil, because the fifth answer comes in the post. 3/3",
        liked_by=("ines",),
    ),
    Post(
        key="ford",
        by="ines",
        reply_to="path2",
        text="{tomas} This is how I found the ford. It was the cheesemonger who was right, and she has never owned "
        "boots. #maps",
        liked_by=("tomas", "odile"),
    ),
    Post(
        key="boots",
        by="tomas",
        reply_to="ford",
        text="{ines} Never trust a guide with clean boots, always trust one with none.",
        boosted_by=("yuki",),
        liked_by=("ines",),
    ),
    Post(
        key="clay", by="bram", reply_to="path1", text="{tomas} Could you put the clay pits on it? Asking for a kiln."
    ),
    Post(
        key="water",
        by="odile",
        reply_to="path1",
        text="{tomas} On canals we have the opposite trouble: the water remembers the path, the council does not.",
        liked_by=("tomas", "ines"),
    ),
    Post(
        key="last",
        by="ines",
        reply_to="water",
        text="{odile} Please write that down somewhere that lasts longer than us.",
    ),
    Post(
        key="bowls",
        by="bram",
        text="Out of the kiln, and only one of them is in two pieces.",
        pictures=(
            Picture(drawing="kiln", alt="Four bowls on a wooden shelf: rust red, blue, ochre and moss green."),
        ),
        liked_by=("farah", "ines"),
    ),
    Post(
        key="gate",
        by="bram",
        text="{wren} Is the kettle on? I am at your gate with the two halves of a bowl.",
        visibility="direct",
    ),
    Post(
        key="evening",
        by="library",
        text="Serious matter for Thursday’s #mapevening. What should be on the table?",
        poll=("Gorse wine", "Heather honey on toast", "A very small cheese"),
        boosted_by=("tomas",),
        votes={"tomas": 0, "ines": 1, "odile": 0, "wren": 2, "yuki": 0, "bram": 1},
        liked_by=("odile",),
    ),
    Post(
        key="cat",
        by="wren",
        text="{library} Whatever it is, the cat will have it first. #mapevening",
        reply_to="evening",
        liked_by=("library", "tomas"),
    ),
    Post(
        key="sky",
        by="ines",
        text="Walked out for milk, came back two hours later with a sky. The linnets are flocking already, forty or "
        "so, all of them talking at once. #birdsong #moorland",
        pictures=(
            Picture(
                drawing="moor",
                alt="A moor at sunset: yellow gorse in front, lines of hills that fade into pink haze, three birds "
                "above.",
            ),
            Picture(drawing="dawn", alt="The same moor early in the morning, pale green, with four birds in flight."),
        ),
        boosted_by=("tomas", "wren", "yuki"),
        liked_by=("tomas", "bram", "library", "odile", "wren"),
        kept_by=("tomas",),
    ),
    Post(
        key="ask",
        by="tomas",
        text="{ines} Would you come on Thursday and show us where the birds are? I will bring the large sheet.",
        visibility="direct",
    ),
    Post(key="yes", by="ines", reply_to="ask", text="{tomas} If there is toast.", visibility="direct"),
)
