"""The first schema. Written out as SQL, so that later changes of the models cannot change what was released."""

from typing import Any

from peewee import SqliteDatabase

# {clustered}: on SQLite the table is its own index. PostgreSQL has no such tables and needs none.
_STATEMENTS = (
    """
    CREATE TABLE account (
        id BIGINT PRIMARY KEY,
        username TEXT NOT NULL,
        username_key TEXT NOT NULL,
        domain TEXT NOT NULL,
        uri TEXT NOT NULL,
        url TEXT NOT NULL,
        kind TEXT NOT NULL,
        display_name TEXT NOT NULL,
        note TEXT NOT NULL,
        note_source TEXT NOT NULL,
        fields TEXT NOT NULL,
        emoji TEXT NOT NULL,
        also_known_as TEXT NOT NULL,
        avatar_key TEXT NOT NULL,
        avatar_remote_url TEXT NOT NULL,
        avatar_description TEXT NOT NULL,
        header_key TEXT NOT NULL,
        header_remote_url TEXT NOT NULL,
        header_description TEXT NOT NULL,
        locked BOOLEAN NOT NULL,
        discoverable BOOLEAN NOT NULL,
        indexable BOOLEAN NOT NULL,
        hide_collections BOOLEAN NOT NULL,
        memorial BOOLEAN NOT NULL,
        moved_to_id BIGINT REFERENCES account ON DELETE SET NULL,
        inbox TEXT NOT NULL,
        shared_inbox TEXT NOT NULL,
        outbox TEXT NOT NULL,
        followers_uri TEXT NOT NULL,
        following_uri TEXT NOT NULL,
        featured_uri TEXT NOT NULL,
        silenced_at BIGINT,
        suspended_at BIGINT,
        sensitized_at BIGINT,
        deleted_at BIGINT,
        statuses_count INTEGER NOT NULL,
        followers_count INTEGER NOT NULL,
        following_count INTEGER NOT NULL,
        last_status_at BIGINT,
        created_at BIGINT NOT NULL,
        fetched_at BIGINT,
        version INTEGER NOT NULL
    )
    """,
    "CREATE UNIQUE INDEX account_uri ON account (uri)",
    "CREATE INDEX account_moved_to_id ON account (moved_to_id)",
    "CREATE UNIQUE INDEX account_username_key_domain ON account (username_key, domain)",
    """
    CREATE TABLE signing_key (
        id BIGINT PRIMARY KEY,
        account_id BIGINT NOT NULL REFERENCES account ON DELETE CASCADE,
        private_pem TEXT NOT NULL,
        public_pem TEXT NOT NULL,
        created_at BIGINT NOT NULL
    )
    """,
    "CREATE UNIQUE INDEX signing_key_account_id ON signing_key (account_id)",
    """
    CREATE TABLE remote_key (
        id BIGINT PRIMARY KEY,
        key_id TEXT NOT NULL,
        account_id BIGINT NOT NULL REFERENCES account ON DELETE CASCADE,
        kind TEXT NOT NULL,
        public_pem TEXT NOT NULL,
        fetched_at BIGINT NOT NULL
    )
    """,
    "CREATE UNIQUE INDEX remote_key_key_id ON remote_key (key_id)",
    "CREATE INDEX remote_key_account_id ON remote_key (account_id)",
    """
    CREATE TABLE invite (
        id BIGINT PRIMARY KEY,
        code TEXT NOT NULL,
        account_id BIGINT NOT NULL REFERENCES account ON DELETE CASCADE,
        max_uses INTEGER,
        uses INTEGER NOT NULL,
        expires_at BIGINT,
        created_at BIGINT NOT NULL
    )
    """,
    "CREATE UNIQUE INDEX invite_code ON invite (code)",
    "CREATE INDEX invite_account_id ON invite (account_id)",
    """
    CREATE TABLE users (
        id BIGINT PRIMARY KEY,
        email TEXT,
        email_key TEXT,
        password_hash TEXT NOT NULL,
        role TEXT NOT NULL,
        locale TEXT NOT NULL,
        preferences TEXT NOT NULL,
        sign_up_reason TEXT NOT NULL,
        sign_up_ip TEXT NOT NULL,
        invite_id BIGINT REFERENCES invite ON DELETE SET NULL,
        confirmed_at BIGINT,
        approved_at BIGINT,
        disabled_at BIGINT,
        totp_secret TEXT,
        totp_enabled_at BIGINT,
        totp_last_step BIGINT NOT NULL,
        last_active_at BIGINT,
        created_at BIGINT NOT NULL
    )
    """,
    "CREATE UNIQUE INDEX users_email_key ON users (email_key)",
    """
    CREATE TABLE membership (
        id BIGINT PRIMARY KEY,
        user_id BIGINT NOT NULL REFERENCES users ON DELETE CASCADE,
        account_id BIGINT NOT NULL REFERENCES account ON DELETE CASCADE,
        created_at BIGINT NOT NULL
    )
    """,
    "CREATE INDEX membership_account_id ON membership (account_id)",
    "CREATE UNIQUE INDEX membership_user_id_account_id ON membership (user_id, account_id)",
    """
    CREATE TABLE recovery_code (
        id BIGINT PRIMARY KEY,
        user_id BIGINT NOT NULL REFERENCES users ON DELETE CASCADE,
        code_hash TEXT NOT NULL
    )
    """,
    "CREATE INDEX recovery_code_user_id ON recovery_code (user_id)",
    """
    CREATE TABLE session (
        id BIGINT PRIMARY KEY,
        token_hash TEXT NOT NULL,
        user_id BIGINT NOT NULL REFERENCES users ON DELETE CASCADE,
        account_id BIGINT NOT NULL REFERENCES account ON DELETE CASCADE,
        ip TEXT NOT NULL,
        user_agent TEXT NOT NULL,
        created_at BIGINT NOT NULL,
        seen_at BIGINT NOT NULL
    )
    """,
    "CREATE UNIQUE INDEX session_token_hash ON session (token_hash)",
    "CREATE INDEX session_user_id ON session (user_id)",
    "CREATE INDEX session_account_id ON session (account_id)",
    """
    CREATE TABLE one_time_link (
        id BIGINT PRIMARY KEY,
        token_hash TEXT NOT NULL,
        purpose TEXT NOT NULL,
        user_id BIGINT REFERENCES users ON DELETE CASCADE,
        detail TEXT NOT NULL,
        expires_at BIGINT NOT NULL
    )
    """,
    "CREATE UNIQUE INDEX one_time_link_token_hash ON one_time_link (token_hash)",
    "CREATE INDEX one_time_link_user_id ON one_time_link (user_id)",
    """
    CREATE TABLE application (
        id BIGINT PRIMARY KEY,
        name TEXT NOT NULL,
        website TEXT NOT NULL,
        redirect_uris TEXT NOT NULL,
        scopes TEXT NOT NULL,
        client_id TEXT NOT NULL,
        secret_hash TEXT NOT NULL,
        created_at BIGINT NOT NULL
    )
    """,
    "CREATE UNIQUE INDEX application_client_id ON application (client_id)",
    """
    CREATE TABLE authorization_code (
        id BIGINT PRIMARY KEY,
        code_hash TEXT NOT NULL,
        application_id BIGINT NOT NULL REFERENCES application ON DELETE CASCADE,
        user_id BIGINT NOT NULL REFERENCES users ON DELETE CASCADE,
        account_id BIGINT NOT NULL REFERENCES account ON DELETE CASCADE,
        redirect_uri TEXT NOT NULL,
        scopes TEXT NOT NULL,
        code_challenge TEXT NOT NULL,
        expires_at BIGINT NOT NULL
    )
    """,
    "CREATE UNIQUE INDEX authorization_code_code_hash ON authorization_code (code_hash)",
    "CREATE INDEX authorization_code_application_id ON authorization_code (application_id)",
    "CREATE INDEX authorization_code_user_id ON authorization_code (user_id)",
    "CREATE INDEX authorization_code_account_id ON authorization_code (account_id)",
    """
    CREATE TABLE token (
        id BIGINT PRIMARY KEY,
        token_hash TEXT NOT NULL,
        application_id BIGINT NOT NULL REFERENCES application ON DELETE CASCADE,
        user_id BIGINT REFERENCES users ON DELETE CASCADE,
        account_id BIGINT REFERENCES account ON DELETE CASCADE,
        scopes TEXT NOT NULL,
        created_at BIGINT NOT NULL,
        used_at BIGINT
    )
    """,
    "CREATE UNIQUE INDEX token_token_hash ON token (token_hash)",
    "CREATE INDEX token_application_id ON token (application_id)",
    "CREATE INDEX token_user_id ON token (user_id)",
    "CREATE INDEX token_account_id ON token (account_id)",
    """
    CREATE TABLE idempotency_key (
        id BIGINT PRIMARY KEY,
        token_id BIGINT NOT NULL REFERENCES token ON DELETE CASCADE,
        key TEXT NOT NULL,
        status_id BIGINT NOT NULL,
        created_at BIGINT NOT NULL
    )
    """,
    "CREATE UNIQUE INDEX idempotency_key_token_id_key ON idempotency_key (token_id, key)",
    """
    CREATE TABLE thread (
        id BIGINT PRIMARY KEY,
        uri TEXT NOT NULL
    )
    """,
    "CREATE UNIQUE INDEX thread_uri ON thread (uri)",
    """
    CREATE TABLE status (
        id BIGINT PRIMARY KEY,
        uri TEXT NOT NULL,
        url TEXT NOT NULL,
        account_id BIGINT NOT NULL REFERENCES account ON DELETE CASCADE,
        local BOOLEAN NOT NULL,
        visibility TEXT NOT NULL,
        local_only BOOLEAN NOT NULL,
        content TEXT NOT NULL,
        source TEXT NOT NULL,
        content_type TEXT NOT NULL,
        spoiler_text TEXT NOT NULL,
        sensitive BOOLEAN NOT NULL,
        language TEXT,
        emoji TEXT NOT NULL,
        kind TEXT NOT NULL,
        reblog_of_id BIGINT REFERENCES status ON DELETE CASCADE,
        in_reply_to_id BIGINT REFERENCES status ON DELETE SET NULL,
        in_reply_to_account_id BIGINT REFERENCES account ON DELETE SET NULL,
        in_reply_to_uri TEXT NOT NULL,
        thread_id BIGINT REFERENCES thread ON DELETE SET NULL,
        application_id BIGINT REFERENCES application ON DELETE SET NULL,
        replies_count INTEGER NOT NULL,
        reblogs_count INTEGER NOT NULL,
        favourites_count INTEGER NOT NULL,
        created_at BIGINT NOT NULL,
        edited_at BIGINT,
        fetched_at BIGINT,
        version INTEGER NOT NULL
    )
    """,
    "CREATE UNIQUE INDEX status_uri ON status (uri)",
    "CREATE INDEX status_reblog_of_id ON status (reblog_of_id)",
    "CREATE INDEX status_in_reply_to_id ON status (in_reply_to_id)",
    "CREATE INDEX status_thread_id ON status (thread_id)",
    "CREATE INDEX status_account_id_id ON status (account_id, id)",
    "CREATE INDEX status_visibility_local_id ON status (visibility, local, id)",
    "CREATE UNIQUE INDEX status_account_id_reblog_of_id ON status (account_id, reblog_of_id)",
    """
    CREATE INDEX status_orphans
        ON status (in_reply_to_uri) WHERE ((in_reply_to_uri != '') AND (in_reply_to_id IS NULL))
    """,
    """
    CREATE TABLE status_edit (
        id BIGINT PRIMARY KEY,
        status_id BIGINT NOT NULL REFERENCES status ON DELETE CASCADE,
        content TEXT NOT NULL,
        source TEXT NOT NULL,
        spoiler_text TEXT NOT NULL,
        sensitive BOOLEAN NOT NULL,
        media TEXT NOT NULL,
        poll_options TEXT NOT NULL,
        created_at BIGINT NOT NULL
    )
    """,
    "CREATE INDEX status_edit_status_id ON status_edit (status_id)",
    """
    CREATE TABLE mention (
        id BIGINT PRIMARY KEY,
        status_id BIGINT NOT NULL REFERENCES status ON DELETE CASCADE,
        account_id BIGINT NOT NULL REFERENCES account ON DELETE CASCADE,
        silent BOOLEAN NOT NULL
    )
    """,
    "CREATE INDEX mention_account_id ON mention (account_id)",
    "CREATE UNIQUE INDEX mention_status_id_account_id ON mention (status_id, account_id)",
    """
    CREATE TABLE tombstone (
        id BIGINT PRIMARY KEY,
        uri TEXT NOT NULL,
        account_uri TEXT NOT NULL,
        deleted_at BIGINT NOT NULL
    )
    """,
    "CREATE UNIQUE INDEX tombstone_uri ON tombstone (uri)",
    """
    CREATE TABLE tag (
        id BIGINT PRIMARY KEY,
        key TEXT NOT NULL,
        name TEXT NOT NULL
    )
    """,
    "CREATE UNIQUE INDEX tag_key ON tag (key)",
    """
    CREATE TABLE status_tag (
        tag_id BIGINT NOT NULL REFERENCES tag ON DELETE CASCADE,
        status_id BIGINT NOT NULL REFERENCES status ON DELETE CASCADE,
        PRIMARY KEY (tag_id, status_id)
    ){clustered}
    """,
    "CREATE INDEX status_tag_status_id ON status_tag (status_id)",
    """
    CREATE TABLE followed_tag (
        id BIGINT PRIMARY KEY,
        account_id BIGINT NOT NULL REFERENCES account ON DELETE CASCADE,
        tag_id BIGINT NOT NULL REFERENCES tag ON DELETE CASCADE
    )
    """,
    "CREATE INDEX followed_tag_tag_id ON followed_tag (tag_id)",
    "CREATE UNIQUE INDEX followed_tag_account_id_tag_id ON followed_tag (account_id, tag_id)",
    """
    CREATE TABLE custom_emoji (
        id BIGINT PRIMARY KEY,
        shortcode TEXT NOT NULL,
        domain TEXT NOT NULL,
        uri TEXT NOT NULL,
        image_key TEXT NOT NULL,
        image_remote_url TEXT NOT NULL,
        category TEXT NOT NULL,
        visible_in_picker BOOLEAN NOT NULL,
        disabled BOOLEAN NOT NULL,
        updated_at BIGINT NOT NULL
    )
    """,
    "CREATE UNIQUE INDEX custom_emoji_shortcode_domain ON custom_emoji (shortcode, domain)",
    """
    CREATE TABLE media_attachment (
        id BIGINT PRIMARY KEY,
        account_id BIGINT NOT NULL REFERENCES account ON DELETE CASCADE,
        status_id BIGINT REFERENCES status ON DELETE CASCADE,
        position INTEGER NOT NULL,
        kind TEXT NOT NULL,
        mime TEXT NOT NULL,
        file_key TEXT NOT NULL,
        thumb_key TEXT NOT NULL,
        remote_url TEXT NOT NULL,
        thumb_remote_url TEXT NOT NULL,
        description TEXT NOT NULL,
        blurhash TEXT NOT NULL,
        width INTEGER,
        height INTEGER,
        thumb_width INTEGER,
        thumb_height INTEGER,
        duration_seconds DOUBLE PRECISION,
        focus_x DOUBLE PRECISION,
        focus_y DOUBLE PRECISION,
        size_bytes BIGINT NOT NULL,
        created_at BIGINT NOT NULL
    )
    """,
    "CREATE INDEX media_attachment_account_id ON media_attachment (account_id)",
    "CREATE INDEX media_attachment_status_id ON media_attachment (status_id)",
    """
    CREATE TABLE poll (
        id BIGINT PRIMARY KEY,
        status_id BIGINT NOT NULL REFERENCES status ON DELETE CASCADE,
        options TEXT NOT NULL,
        multiple BOOLEAN NOT NULL,
        hide_totals BOOLEAN NOT NULL,
        votes_count INTEGER NOT NULL,
        voters_count INTEGER,
        expires_at BIGINT,
        closed_at BIGINT
    )
    """,
    "CREATE UNIQUE INDEX poll_status_id ON poll (status_id)",
    """
    CREATE TABLE poll_vote (
        id BIGINT PRIMARY KEY,
        poll_id BIGINT NOT NULL REFERENCES poll ON DELETE CASCADE,
        account_id BIGINT NOT NULL REFERENCES account ON DELETE CASCADE,
        choice INTEGER NOT NULL,
        uri TEXT NOT NULL,
        created_at BIGINT NOT NULL
    )
    """,
    "CREATE INDEX poll_vote_account_id ON poll_vote (account_id)",
    "CREATE UNIQUE INDEX poll_vote_poll_id_account_id_choice ON poll_vote (poll_id, account_id, choice)",
    """
    CREATE TABLE follow (
        id BIGINT PRIMARY KEY,
        account_id BIGINT NOT NULL REFERENCES account ON DELETE CASCADE,
        target_id BIGINT NOT NULL REFERENCES account ON DELETE CASCADE,
        uri TEXT NOT NULL,
        show_reblogs BOOLEAN NOT NULL,
        notify BOOLEAN NOT NULL,
        languages TEXT NOT NULL,
        created_at BIGINT NOT NULL
    )
    """,
    "CREATE INDEX follow_target_id ON follow (target_id)",
    "CREATE UNIQUE INDEX follow_account_id_target_id ON follow (account_id, target_id)",
    """
    CREATE TABLE follow_request (
        id BIGINT PRIMARY KEY,
        account_id BIGINT NOT NULL REFERENCES account ON DELETE CASCADE,
        target_id BIGINT NOT NULL REFERENCES account ON DELETE CASCADE,
        uri TEXT NOT NULL,
        show_reblogs BOOLEAN NOT NULL,
        notify BOOLEAN NOT NULL,
        languages TEXT NOT NULL,
        created_at BIGINT NOT NULL
    )
    """,
    "CREATE INDEX follow_request_target_id ON follow_request (target_id)",
    "CREATE UNIQUE INDEX follow_request_account_id_target_id ON follow_request (account_id, target_id)",
    """
    CREATE TABLE block (
        id BIGINT PRIMARY KEY,
        account_id BIGINT NOT NULL REFERENCES account ON DELETE CASCADE,
        target_id BIGINT NOT NULL REFERENCES account ON DELETE CASCADE,
        uri TEXT NOT NULL,
        created_at BIGINT NOT NULL
    )
    """,
    "CREATE INDEX block_target_id ON block (target_id)",
    "CREATE UNIQUE INDEX block_account_id_target_id ON block (account_id, target_id)",
    """
    CREATE TABLE mute (
        id BIGINT PRIMARY KEY,
        account_id BIGINT NOT NULL REFERENCES account ON DELETE CASCADE,
        target_id BIGINT NOT NULL REFERENCES account ON DELETE CASCADE,
        hide_notifications BOOLEAN NOT NULL,
        expires_at BIGINT,
        created_at BIGINT NOT NULL
    )
    """,
    "CREATE INDEX mute_target_id ON mute (target_id)",
    "CREATE UNIQUE INDEX mute_account_id_target_id ON mute (account_id, target_id)",
    """
    CREATE TABLE thread_mute (
        id BIGINT PRIMARY KEY,
        account_id BIGINT NOT NULL REFERENCES account ON DELETE CASCADE,
        thread_id BIGINT NOT NULL REFERENCES thread ON DELETE CASCADE
    )
    """,
    "CREATE INDEX thread_mute_thread_id ON thread_mute (thread_id)",
    "CREATE UNIQUE INDEX thread_mute_account_id_thread_id ON thread_mute (account_id, thread_id)",
    """
    CREATE TABLE account_note (
        id BIGINT PRIMARY KEY,
        account_id BIGINT NOT NULL REFERENCES account ON DELETE CASCADE,
        target_id BIGINT NOT NULL REFERENCES account ON DELETE CASCADE,
        comment TEXT NOT NULL
    )
    """,
    "CREATE INDEX account_note_target_id ON account_note (target_id)",
    "CREATE UNIQUE INDEX account_note_account_id_target_id ON account_note (account_id, target_id)",
    """
    CREATE TABLE account_domain_block (
        id BIGINT PRIMARY KEY,
        account_id BIGINT NOT NULL REFERENCES account ON DELETE CASCADE,
        domain TEXT NOT NULL
    )
    """,
    """
    CREATE UNIQUE INDEX account_domain_block_account_id_domain
        ON account_domain_block (account_id, domain)
    """,
    """
    CREATE TABLE favourite (
        id BIGINT PRIMARY KEY,
        account_id BIGINT NOT NULL REFERENCES account ON DELETE CASCADE,
        status_id BIGINT NOT NULL REFERENCES status ON DELETE CASCADE,
        uri TEXT NOT NULL,
        created_at BIGINT NOT NULL
    )
    """,
    "CREATE INDEX favourite_account_id ON favourite (account_id)",
    "CREATE INDEX favourite_status_id ON favourite (status_id)",
    "CREATE UNIQUE INDEX favourite_account_id_status_id ON favourite (account_id, status_id)",
    """
    CREATE TABLE bookmark (
        id BIGINT PRIMARY KEY,
        account_id BIGINT NOT NULL REFERENCES account ON DELETE CASCADE,
        status_id BIGINT NOT NULL REFERENCES status ON DELETE CASCADE,
        created_at BIGINT NOT NULL
    )
    """,
    "CREATE INDEX bookmark_account_id ON bookmark (account_id)",
    "CREATE INDEX bookmark_status_id ON bookmark (status_id)",
    "CREATE UNIQUE INDEX bookmark_account_id_status_id ON bookmark (account_id, status_id)",
    """
    CREATE TABLE pin (
        id BIGINT PRIMARY KEY,
        account_id BIGINT NOT NULL REFERENCES account ON DELETE CASCADE,
        status_id BIGINT NOT NULL REFERENCES status ON DELETE CASCADE,
        created_at BIGINT NOT NULL
    )
    """,
    "CREATE INDEX pin_account_id ON pin (account_id)",
    "CREATE UNIQUE INDEX pin_status_id ON pin (status_id)",
    """
    CREATE TABLE feed (
        account_id BIGINT NOT NULL REFERENCES account ON DELETE CASCADE,
        status_id BIGINT NOT NULL REFERENCES status ON DELETE CASCADE,
        PRIMARY KEY (account_id, status_id)
    ){clustered}
    """,
    "CREATE INDEX feed_status_id ON feed (status_id)",
    """
    CREATE TABLE list (
        id BIGINT PRIMARY KEY,
        account_id BIGINT NOT NULL REFERENCES account ON DELETE CASCADE,
        title TEXT NOT NULL,
        replies_policy TEXT NOT NULL,
        exclusive BOOLEAN NOT NULL
    )
    """,
    "CREATE INDEX list_account_id ON list (account_id)",
    """
    CREATE TABLE list_member (
        list_id BIGINT NOT NULL REFERENCES list ON DELETE CASCADE,
        account_id BIGINT NOT NULL REFERENCES account ON DELETE CASCADE,
        PRIMARY KEY (list_id, account_id)
    ){clustered}
    """,
    "CREATE INDEX list_member_account_id ON list_member (account_id)",
    """
    CREATE TABLE marker (
        id BIGINT PRIMARY KEY,
        account_id BIGINT NOT NULL REFERENCES account ON DELETE CASCADE,
        timeline TEXT NOT NULL,
        last_read_id BIGINT NOT NULL,
        version INTEGER NOT NULL,
        updated_at BIGINT NOT NULL
    )
    """,
    "CREATE UNIQUE INDEX marker_account_id_timeline ON marker (account_id, timeline)",
    """
    CREATE TABLE conversation (
        id BIGINT PRIMARY KEY,
        account_id BIGINT NOT NULL REFERENCES account ON DELETE CASCADE,
        thread_id BIGINT NOT NULL REFERENCES thread ON DELETE CASCADE,
        participants TEXT NOT NULL,
        last_status_id BIGINT REFERENCES status ON DELETE SET NULL,
        unread BOOLEAN NOT NULL
    )
    """,
    "CREATE INDEX conversation_thread_id ON conversation (thread_id)",
    "CREATE INDEX conversation_last_status_id ON conversation (last_status_id)",
    """
    CREATE UNIQUE INDEX conversation_account_id_thread_id_participants
        ON conversation (account_id, thread_id, participants)
    """,
    """
    CREATE TABLE domain_block (
        id BIGINT PRIMARY KEY,
        domain TEXT NOT NULL,
        severity TEXT NOT NULL,
        reject_media BOOLEAN NOT NULL,
        reject_reports BOOLEAN NOT NULL,
        private_comment TEXT NOT NULL,
        public_comment TEXT NOT NULL,
        obfuscate BOOLEAN NOT NULL,
        created_at BIGINT NOT NULL
    )
    """,
    "CREATE UNIQUE INDEX domain_block_domain ON domain_block (domain)",
    """
    CREATE TABLE report (
        id BIGINT PRIMARY KEY,
        account_id BIGINT NOT NULL REFERENCES account ON DELETE CASCADE,
        target_id BIGINT NOT NULL REFERENCES account ON DELETE CASCADE,
        uri TEXT NOT NULL,
        category TEXT NOT NULL,
        comment TEXT NOT NULL,
        status_ids TEXT NOT NULL,
        rule_ids TEXT NOT NULL,
        forwarded BOOLEAN NOT NULL,
        assigned_id BIGINT REFERENCES account ON DELETE SET NULL,
        resolved_at BIGINT,
        resolved_by_id BIGINT REFERENCES account ON DELETE SET NULL,
        created_at BIGINT NOT NULL
    )
    """,
    "CREATE INDEX report_account_id ON report (account_id)",
    "CREATE INDEX report_target_id ON report (target_id)",
    """
    CREATE TABLE audit_entry (
        id BIGINT PRIMARY KEY,
        account_id BIGINT REFERENCES account ON DELETE SET NULL,
        action TEXT NOT NULL,
        target TEXT NOT NULL,
        detail TEXT NOT NULL,
        created_at BIGINT NOT NULL
    )
    """,
    "CREATE INDEX audit_entry_account_id ON audit_entry (account_id)",
    """
    CREATE TABLE rule (
        id BIGINT PRIMARY KEY,
        position INTEGER NOT NULL,
        text TEXT NOT NULL,
        hint TEXT NOT NULL
    )
    """,
    """
    CREATE TABLE setting (
        id BIGINT PRIMARY KEY,
        key TEXT NOT NULL,
        value TEXT NOT NULL
    )
    """,
    "CREATE UNIQUE INDEX setting_key ON setting (key)",
    """
    CREATE TABLE notification (
        id BIGINT PRIMARY KEY,
        account_id BIGINT NOT NULL REFERENCES account ON DELETE CASCADE,
        sender_id BIGINT NOT NULL REFERENCES account ON DELETE CASCADE,
        kind TEXT NOT NULL,
        status_id BIGINT REFERENCES status ON DELETE CASCADE,
        report_id BIGINT REFERENCES report ON DELETE CASCADE,
        created_at BIGINT NOT NULL
    )
    """,
    "CREATE INDEX notification_sender_id ON notification (sender_id)",
    "CREATE INDEX notification_status_id ON notification (status_id)",
    "CREATE INDEX notification_report_id ON notification (report_id)",
    "CREATE INDEX notification_account_id_id ON notification (account_id, id)",
    """
    CREATE UNIQUE INDEX notification_account_id_sender_id_kind_status_id
        ON notification (account_id, sender_id, kind, status_id)
    """,
    """
    CREATE TABLE received_activity (
        id BIGINT PRIMARY KEY,
        uri TEXT NOT NULL,
        actor_id BIGINT NOT NULL REFERENCES account ON DELETE CASCADE,
        body BYTEA NOT NULL,
        received_at BIGINT NOT NULL
    )
    """,
    "CREATE UNIQUE INDEX received_activity_uri ON received_activity (uri)",
    "CREATE INDEX received_activity_actor_id ON received_activity (actor_id)",
    """
    CREATE TABLE job (
        id BIGINT PRIMARY KEY,
        kind TEXT NOT NULL,
        subject BIGINT NOT NULL,
        payload TEXT NOT NULL,
        priority INTEGER NOT NULL,
        due_at BIGINT NOT NULL,
        lease_owner INTEGER,
        attempts INTEGER NOT NULL,
        error TEXT NOT NULL,
        failed_at BIGINT,
        dedup TEXT
    )
    """,
    "CREATE UNIQUE INDEX job_dedup ON job (dedup)",
    "CREATE INDEX job_priority_due_at ON job (priority, due_at)",
    """
    CREATE TABLE activity (
        id BIGINT PRIMARY KEY,
        actor_id BIGINT NOT NULL REFERENCES account ON DELETE CASCADE,
        about TEXT NOT NULL,
        body BYTEA NOT NULL,
        queued_to TEXT NOT NULL,
        created_at BIGINT NOT NULL
    )
    """,
    "CREATE INDEX activity_actor_id ON activity (actor_id)",
    """
    CREATE TABLE destination (
        id BIGINT PRIMARY KEY,
        host TEXT NOT NULL,
        state TEXT NOT NULL,
        due_at BIGINT,
        lease_until BIGINT NOT NULL,
        lease_owner INTEGER,
        failures INTEGER NOT NULL,
        first_failure_at BIGINT,
        last_success_at BIGINT,
        last_error_at BIGINT,
        last_error TEXT NOT NULL,
        software TEXT NOT NULL
    )
    """,
    "CREATE UNIQUE INDEX destination_host ON destination (host)",
    "CREATE INDEX destination_due_at ON destination (due_at)",
    """
    CREATE TABLE delivery (
        id BIGINT NOT NULL,
        destination_id BIGINT NOT NULL REFERENCES destination ON DELETE CASCADE,
        activity_id BIGINT NOT NULL REFERENCES activity ON DELETE CASCADE,
        inbox TEXT NOT NULL,
        priority INTEGER NOT NULL,
        attempts INTEGER NOT NULL,
        due_at BIGINT NOT NULL,
        PRIMARY KEY (destination_id, id)
    ){clustered}
    """,
    "CREATE INDEX delivery_activity_id ON delivery (activity_id)",
    """
    CREATE UNIQUE INDEX delivery_destination_id_activity_id_inbox
        ON delivery (destination_id, activity_id, inbox)
    """,
    "CREATE INDEX delivery_destination_id_priority_id ON delivery (destination_id, priority, id)",
)

# Words of public statuses: each engine has its own kind of index for them (node/models/search.py asks it).
_SEARCH = {
    True: (
        """
        CREATE VIRTUAL TABLE status_search
        USING fts5(words, content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 2')
        """,
        """
        CREATE TRIGGER status_search_gone AFTER DELETE ON status
        BEGIN DELETE FROM status_search WHERE rowid = old.id; END
        """,
    ),
    False: (
        """
        CREATE TABLE status_search (
            status_id BIGINT PRIMARY KEY REFERENCES status ON DELETE CASCADE,
            words TSVECTOR NOT NULL
        )
        """,
        "CREATE INDEX status_search_words ON status_search USING gin (words)",
    ),
}

_TABLES = (
    "account",
    "signing_key",
    "remote_key",
    "invite",
    "users",
    "membership",
    "recovery_code",
    "session",
    "one_time_link",
    "application",
    "authorization_code",
    "token",
    "idempotency_key",
    "thread",
    "status",
    "status_edit",
    "mention",
    "tombstone",
    "tag",
    "status_tag",
    "followed_tag",
    "custom_emoji",
    "media_attachment",
    "poll",
    "poll_vote",
    "follow",
    "follow_request",
    "block",
    "mute",
    "thread_mute",
    "account_note",
    "account_domain_block",
    "favourite",
    "bookmark",
    "pin",
    "feed",
    "list",
    "list_member",
    "marker",
    "conversation",
    "domain_block",
    "report",
    "audit_entry",
    "rule",
    "setting",
    "notification",
    "received_activity",
    "job",
    "activity",
    "destination",
    "delivery",
)


def up(migrator: Any, db: Any) -> None:
    sqlite = isinstance(db, SqliteDatabase)
    for statement in _STATEMENTS + _SEARCH[sqlite]:
        db.execute_sql(_for_sqlite(statement) if sqlite else statement.replace("{clustered}", ""))


def down(migrator: Any, db: Any) -> None:
    db.execute_sql("DROP TABLE status_search")
    for table in reversed(_TABLES):
        db.execute_sql(f"DROP TABLE {table}" + ("" if isinstance(db, SqliteDatabase) else " CASCADE"))


def _for_sqlite(statement: str) -> str:
    """An INTEGER PRIMARY KEY is the row's own address there; BIGINT would be an index beside it."""
    return (
        statement.replace("{clustered}", " WITHOUT ROWID")
        .replace("BIGINT", "INTEGER")
        .replace("BOOLEAN", "INTEGER")
        .replace("BYTEA", "BLOB")
        .replace("DOUBLE PRECISION", "REAL")
    )
