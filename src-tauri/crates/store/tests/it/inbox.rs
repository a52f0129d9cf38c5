//! The inbox: lists by state, member and label; labels, saved replies, who looks after what; what is found.

use domain::conversation::{ChannelKind, Channels};
use domain::handoff::rules::HandoffRules;
use domain::handoff::{Act, Handoff, Operator, OperatorId};
use domain::id::{ConversationId, InboxLabelId, MemberId, SavedReplyId};
use domain::inbox::{
    Assignment, InboxLabel, LabelColour, MAX_LABELS, MAX_LABELS_OF_ONE, SavedReply,
};
use domain::language::Language;
use domain::member::{Member, Role};
use domain::time::Timestamp;
use store::Applied;
use store::assignments::NewAssignment;
use store::error::StoreError;
use store::handoffs::{HandoffName, NewHandoff, Transit};
use store::inbox::{Assignee, InboxFilter};

use crate::post::{arrival, incoming, letter, post, write};
use crate::world::{Shop, World, at, new_owner, uuid};

fn olga(shop: &Shop) -> Operator {
    Operator {
        id: OperatorId::Member(shop.member_id),
        name: "Olga".to_owned(),
    }
}

/// Words of a customer in their own chat.
async fn says(
    shop: &Shop,
    bot: domain::id::BotId,
    chat: i64,
    text: &str,
    now: i64,
) -> ConversationId {
    let letter = letter(bot, chat, now, at(now));
    let received = shop
        .w
        .receive(incoming(shop, letter, text), arrival(at(now)))
        .await;
    received.unwrap().conversation_id
}

async fn take(shop: &Shop, id: ConversationId, by: Operator, now: i64) {
    let from = shop.w.handoff(id).await.unwrap();
    let transition = from.after(Act::Take { by }, at(now), &HandoffRules::default());
    let transit = Transit {
        handoff: NewHandoff {
            transition: transition.unwrap(),
            idle_at: None,
        },
        outgoing: Vec::new(),
        answer: None,
        update: None,
    };
    shop.w.transit(id, transit, at(now)).await.unwrap();
}

fn given(by: Operator, to: Option<Operator>, now: Timestamp) -> NewAssignment {
    NewAssignment {
        assignment: Assignment { by, to, at: now },
        handoff: None,
        outgoing: Vec::new(),
    }
}

async fn listed(shop: &Shop, filter: InboxFilter) -> Vec<ConversationId> {
    let page = shop.w.inbox(filter, None, 200).await.unwrap();
    page.items.iter().map(|row| row.conversation.id).collect()
}

fn label(name: &str) -> InboxLabel {
    InboxLabel {
        id: InboxLabelId(uuid()),
        name: name.to_owned(),
        colour: LabelColour::Blue,
        created_at: at(0),
    }
}

#[tokio::test]
async fn lists_follow_state_member_and_label_and_go_on_by_key() {
    let (_world, shop, bot) = post().await;
    let mut ids = Vec::new();
    for chat in 1..=5 {
        ids.push(
            write(&shop, bot.bot.id, chat, 1, chat)
                .await
                .conversation_id,
        );
    }
    let vip = label("VIP");
    shop.w.put_inbox_label(vip.clone(), at(6)).await.unwrap();
    for id in &ids[..3] {
        shop.w
            .label_conversation(*id, vec![vip.id], Vec::new(), at(6))
            .await
            .unwrap();
    }
    take(&shop, ids[0], olga(&shop), 7).await;

    let of = |handoff, assignee, label| InboxFilter {
        handoff,
        assignee,
        label,
        ..InboxFilter::default()
    };
    let mine = Some(Assignee::Member(shop.member_id));
    let taken = Some(HandoffName::Taken);
    let ai = Some(HandoffName::Ai);
    assert_eq!(listed(&shop, of(taken, None, None)).await, [ids[0]]);
    assert_eq!(listed(&shop, of(taken, mine, None)).await, [ids[0]]);
    assert_eq!(listed(&shop, of(None, mine, None)).await, [ids[0]]);
    assert_eq!(listed(&shop, of(ai, mine, None)).await, []);
    assert_eq!(
        listed(&shop, of(ai, None, Some(vip.id))).await,
        [ids[2], ids[1]]
    );
    assert_eq!(listed(&shop, of(taken, mine, Some(vip.id))).await, [ids[0]]);
    assert_eq!(
        listed(&shop, of(None, None, Some(vip.id))).await,
        [ids[2], ids[1], ids[0]]
    );
    let unassigned = of(ai, Some(Assignee::Nobody), None);
    assert_eq!(
        listed(&shop, unassigned).await,
        [ids[4], ids[3], ids[2], ids[1]]
    );

    // A customer who writes again moves up, in the list of the label too.
    write(&shop, bot.bot.id, 2, 2, 20).await;
    assert_eq!(
        listed(&shop, of(ai, None, Some(vip.id))).await,
        [ids[1], ids[2]]
    );
    let first = shop.w.inbox(of(ai, None, None), None, 3).await.unwrap();
    let rest = shop
        .w
        .inbox(of(ai, None, None), first.next, 3)
        .await
        .unwrap();
    assert_eq!((first.items.len(), rest.items.len()), (3, 1));
    assert_eq!(first.items[0].labels, [vip.id]);
    assert_eq!(rest.next, None);

    let row = shop.w.inbox_row(ids[0]).await.unwrap();
    assert_eq!(row.assignee, Some((shop.member_id, "Olga".to_owned())));
    let counts = shop
        .w
        .inbox_counts(Channels::Only(ChannelKind::Telegram), None)
        .await
        .unwrap();
    assert_eq!(
        (counts.requested, counts.taken, counts.ai, counts.closed),
        (0, 1, 4, 0)
    );
    let counts = shop
        .w
        .inbox_counts(Channels::Only(ChannelKind::Telegram), Some(shop.member_id))
        .await
        .unwrap();
    assert_eq!((counts.taken, counts.ai), (1, 0));
    let other = shop
        .w
        .inbox_counts(Channels::Only(ChannelKind::Api), None)
        .await
        .unwrap();
    assert_eq!(other.ai, 0);
    shop.say("by the API", "1", "Tea?", at(60)).await;
    let customers = Channels::Customers;
    let everywhere = shop.w.inbox_counts(customers, None).await.unwrap();
    assert_eq!((everywhere.taken, everywhere.ai), (1, 5));
    let of = |channels| InboxFilter {
        channels: Some(channels),
        ..InboxFilter::default()
    };
    assert_eq!(listed(&shop, of(customers)).await.len(), 6);
    let api = Channels::Only(ChannelKind::Api);
    assert_eq!(listed(&shop, of(api)).await.len(), 1);
    let playground = Channels::Only(ChannelKind::Playground);
    assert_eq!(listed(&shop, of(playground)).await, []);
}

#[tokio::test]
async fn labels_have_bounds_and_a_removed_one_is_on_nothing() {
    let (_world, shop, bot) = post().await;
    let id = write(&shop, bot.bot.id, 1, 1, 1).await.conversation_id;
    let mut labels = Vec::new();
    for number in 0..MAX_LABELS {
        let label = label(&format!("Label {number}"));
        shop.w.put_inbox_label(label.clone(), at(1)).await.unwrap();
        labels.push(label.id);
    }
    let too_many = shop.w.put_inbox_label(label("More"), at(1)).await;
    assert!(matches!(too_many, Err(StoreError::TooLarge)));
    let same = shop.w.put_inbox_label(label("LABEL 1"), at(1)).await;
    assert!(matches!(same, Err(StoreError::Conflict)));

    let put = |add: &[InboxLabelId], remove: &[InboxLabelId]| {
        shop.w
            .label_conversation(id, add.to_vec(), remove.to_vec(), at(2))
    };
    put(&labels[..MAX_LABELS_OF_ONE], &[]).await.unwrap();
    let too_many = put(&labels[10..11], &[]).await;
    assert!(matches!(too_many, Err(StoreError::TooLarge)));
    put(&labels[10..11], &labels[..1]).await.unwrap();
    let unknown = put(&[InboxLabelId(uuid())], &[]).await;
    assert!(matches!(unknown, Err(StoreError::NotFound)));
    shop.w.remove_inbox_label(labels[10], at(3)).await.unwrap();
    let row = shop.w.inbox_row(id).await.unwrap();
    assert_eq!(row.labels.len(), MAX_LABELS_OF_ONE - 1);
    assert!(!row.labels.contains(&labels[10]));
}

#[tokio::test]
async fn a_conversation_is_given_and_nobody_keeps_what_another_has() {
    let (world, shop, bot) = post().await;
    let id = write(&shop, bot.bot.id, 1, 1, 1).await.conversation_id;
    let olga = olga(&shop);
    let give = |new: NewAssignment, now: i64| shop.w.assign(id, new, at(now));
    let to_olga = given(olga.clone(), Some(olga.clone()), at(2));
    assert_eq!(give(to_olga.clone(), 2).await.unwrap(), Applied::Applied);
    assert_eq!(give(to_olga, 3).await.unwrap(), Applied::AlreadyApplied);
    let stranger = Operator {
        id: OperatorId::Member(MemberId(uuid())),
        name: "Nobody".to_owned(),
    };
    let refused = give(given(olga.clone(), Some(stranger), at(3)), 3).await;
    assert!(matches!(refused, Err(StoreError::NotFound)));

    take(&shop, id, olga.clone(), 4).await;
    let refused = give(given(olga.clone(), None, at(5)), 5).await;
    assert!(
        matches!(refused, Err(StoreError::Conflict)),
        "a person has it"
    );

    // Given away it changes hands.
    let boris = joined(&world, &shop).await;
    let held = shop.w.handoff(id).await.unwrap();
    let transition = held.given(boris.clone(), olga.clone(), at(6)).unwrap();
    let new = NewAssignment {
        handoff: Some(NewHandoff {
            transition,
            idle_at: None,
        }),
        ..given(olga.clone(), Some(boris.clone()), at(6))
    };
    give(new, 6).await.unwrap();
    assert_eq!(shop.w.handoff(id).await.unwrap().operator(), Some(&boris));
    let row = shop.w.inbox_row(id).await.unwrap();
    assert_eq!(row.assignee.map(|(_, name)| name), Some("Boris".to_owned()));
    let log = shop.w.assignments(id).await.unwrap();
    assert_eq!(
        log.len(),
        1,
        "what changed hands stands in the handoff's log"
    );

    // Somebody of the staff group is no member: nobody looks after it then.
    let closed = shop.w.handoff(id).await.unwrap();
    let transition = closed.after(Act::Close { by: boris }, at(7), &HandoffRules::default());
    let transit = Transit {
        handoff: NewHandoff {
            transition: transition.unwrap(),
            idle_at: None,
        },
        outgoing: Vec::new(),
        answer: None,
        update: None,
    };
    shop.w.transit(id, transit, at(7)).await.unwrap();
    let remote = Operator {
        id: OperatorId::Telegram(7),
        name: "Vera".to_owned(),
    };
    take(&shop, id, remote, 8).await;
    assert_eq!(shop.w.inbox_row(id).await.unwrap().assignee, None);
    assert!(matches!(
        shop.w.handoff(id).await.unwrap(),
        Handoff::Taken { .. }
    ));
}

async fn joined(world: &World, shop: &Shop) -> Operator {
    let conn = rusqlite::Connection::open(world.data().join("chatai.db")).unwrap();
    let boris = Member {
        id: MemberId(uuid()),
        workspace_id: shop.w.id(),
        email: "boris@example.org".to_owned(),
        name: "Boris".to_owned(),
        role: Role::Operator,
        created_at: at(1),
    };
    conn.execute(
        "INSERT INTO members (workspace_id, id, email, name, role, password_hash, created_at)
         VALUES (?1, ?2, ?3, ?4, 'operator', '-', 0)",
        rusqlite::params![
            boris.workspace_id.0.into_bytes(),
            boris.id.0.into_bytes(),
            boris.email,
            boris.name
        ],
    )
    .unwrap();
    Operator {
        id: OperatorId::Member(boris.id),
        name: boris.name,
    }
}

#[tokio::test]
async fn saved_replies_have_one_name_a_language() {
    let (_world, shop) = World::owned().await;
    let reply = |name: &str, language, text: &str| SavedReply {
        id: SavedReplyId(uuid()),
        name: name.to_owned(),
        language,
        text: text.to_owned(),
        updated_at: at(1),
    };
    let english = reply("Hours", Language::EN, "From 9 to 18, {name}.");
    shop.w.put_saved_reply(english.clone()).await.unwrap();
    shop.w
        .put_saved_reply(reply("Hours", Language::RU, "С 9 до 18."))
        .await
        .unwrap();
    let same = shop
        .w
        .put_saved_reply(reply("hours", Language::EN, "Other"))
        .await;
    assert!(matches!(same, Err(StoreError::Conflict)));
    let changed = SavedReply {
        text: "From 10 to 18.".to_owned(),
        ..english.clone()
    };
    shop.w.put_saved_reply(changed.clone()).await.unwrap();
    let replies = shop.w.saved_replies().await.unwrap();
    assert_eq!(replies.len(), 2);
    assert!(replies.contains(&changed));
    shop.w.remove_saved_reply(english.id, at(2)).await.unwrap();
    let again = shop.w.remove_saved_reply(english.id, at(2)).await;
    assert!(matches!(again, Err(StoreError::NotFound)));
}

#[tokio::test]
async fn conversations_are_found_by_words_in_any_form_and_by_who_writes() {
    let (world, shop, bot) = post().await;
    let bot = bot.bot.id;
    let parcel = says(&shop, bot, 1, "Сколько идёт доставка ёлки?", 1).await;
    let kettle = says(&shop, bot, 2, "Is the kettle in stock?", 2).await;
    says(&shop, bot, 1, "А доставку оплачивать сразу?", 3).await;
    let find = async |text: &str| {
        let hits = shop.w.search_inbox(
            text.parse().unwrap(),
            Some(Channels::Only(ChannelKind::Telegram)),
            None,
            50,
        );
        hits.await.unwrap()
    };
    let found = find("доставки").await;
    assert_eq!(found.items.len(), 1, "a conversation stands there once");
    assert_eq!(found.items[0].row.conversation.id, parcel);
    let said = found.items[0].said.clone().unwrap();
    assert_eq!(
        said.text, "А доставку оплачивать сразу?",
        "the newest words"
    );
    assert_eq!(
        find("ЕЛКИ доставка").await.items.len(),
        1,
        "all of the words, in one message"
    );
    assert_eq!(find("доставка kettle").await.items.len(), 0);
    let people = find("anna").await;
    assert_eq!(people.items.len(), 2);
    assert!(people.items.iter().all(|hit| hit.said.is_none()));
    let elsewhere = shop.w.search_inbox(
        "kettle".parse().unwrap(),
        Some(Channels::Only(ChannelKind::Api)),
        None,
        50,
    );
    assert_eq!(elsewhere.await.unwrap().items.len(), 0);

    // Another workspace finds nothing of it.
    let other = new_owner("other@example.org");
    let w = world.store.workspace(other.workspace_id);
    let conn = rusqlite::Connection::open(world.data().join("chatai.db")).unwrap();
    conn.execute(
        "INSERT INTO workspaces (id, name, created_at) VALUES (?1, 'Other', 0)",
        [other.workspace_id.0.into_bytes()],
    )
    .unwrap();
    for text in ["доставка", "anna", "kettle"] {
        let hits = w
            .search_inbox(text.parse().unwrap(), None, None, 50)
            .await
            .unwrap();
        assert_eq!(hits.items.len(), 0, "{text}");
    }

    // What goes is not found any more, not even in the words of the index.
    shop.w.remove_conversation(kettle, at(5)).await.unwrap();
    assert_eq!(find("kettle").await.items.len(), 0);
    let left: u32 = conn
        .query_row(
            "SELECT count(*) FROM said_words WHERE said_words MATCH 'words : kettle'",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(left, 0);
}

#[tokio::test]
async fn a_search_goes_on_where_its_page_ended() {
    let (_world, shop, bot) = post().await;
    let mut ids = Vec::new();
    for chat in 1..=5 {
        ids.push(says(&shop, bot.bot.id, chat, "Where is my parcel?", chat).await);
    }
    ids.reverse();
    let mut found = Vec::new();
    let mut after = None;
    loop {
        let words = "parcel".parse().unwrap();
        let page = shop.w.search_inbox(words, None, after, 2).await.unwrap();
        assert!(page.items.len() <= 2);
        found.extend(page.items.into_iter().map(|hit| hit.row.conversation.id));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(found, ids);
}
