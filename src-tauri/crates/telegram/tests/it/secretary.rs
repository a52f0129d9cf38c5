//! Chats of the owner's own account: telegram.md A6.

use std::time::Duration;

use botapi::{
    BusinessRights, ConnectionId, Fault, Place, Say, Trouble as Fails, UserId, UserSetup,
};
use domain::bot::{BotSettings, Business};

use crate::house::{ANSWER, House, QUESTION};

/// An owner whose account is connected, and a customer who writes to it.
struct Secretary {
    house: House,
    owner: UserId,
    /// The owner's own chat with the bot.
    desk: Place,
    customer: UserId,
    connection: ConnectionId,
    chat: Place,
}

impl Secretary {
    async fn new(business: Business) -> Secretary {
        let settings = BotSettings {
            business,
            ..BotSettings::default()
        };
        let mut house = House::closed(settings).await;
        house.open().await;
        let owner = house.world.add_user(UserSetup::new("Olga"));
        let desk = house.world.private(house.bot.id, owner);
        house.world.user_starts(house.bot.id, owner, None).unwrap();
        house.said(desk, 1).await;
        let rights = BusinessRights::default();
        let connection = house.world.connect_business(house.bot.id, owner, rights);
        house.pass(Duration::from_secs(2)).await;
        let customer = house.world.add_user(UserSetup::new("Anna").language("en"));
        let chat = house.world.business_chat(connection, customer);
        Secretary {
            house,
            owner,
            desk,
            customer,
            connection,
            chat,
        }
    }

    fn asks(&self) {
        self.house
            .world
            .user_says(self.chat, self.customer, QUESTION)
            .unwrap();
    }

    /// What the bot said in the customer's chat.
    fn said(&self) -> Vec<String> {
        self.house.world.said_by_bots(self.chat)
    }
}

#[tokio::test(start_paused = true)]
async fn a6_the_owners_word_keeps_the_assistant_silent_for_half_an_hour() {
    let secretary = Secretary::new(Business::Answer).await;
    let house = &secretary.house;
    secretary.asks();
    assert!(house.said(secretary.chat, 1).await[0].contains(ANSWER));
    house
        .world
        .user_says(secretary.chat, secretary.owner, "I am here myself now")
        .unwrap();
    house.pass(Duration::from_secs(2)).await;
    // Some words in each part of the half hour.
    for _ in 0..5 {
        secretary.asks();
        house.pass(Duration::from_secs(5)).await;
        house.leap(Duration::from_secs(5 * 60)).await;
    }
    assert_eq!(
        secretary.said().len(),
        1,
        "no answer while the owner writes"
    );
    house.leap(Duration::from_secs(6 * 60)).await;
    secretary.asks();
    assert!(house.said(secretary.chat, 2).await[1].contains(ANSWER));
}

#[tokio::test(start_paused = true)]
async fn a6_telegrams_greetings_and_our_own_words_are_never_answered() {
    let secretary = Secretary::new(Business::Answer).await;
    let house = &secretary.house;
    for round in 0..5 {
        secretary.asks();
        let greeting = Say::text("Hello! We will answer soon.").automatic();
        house
            .world
            .say(secretary.chat, secretary.owner, greeting)
            .unwrap();
        house.said(secretary.chat, round + 1).await;
        house.pass(Duration::from_secs(10)).await;
        assert_eq!(
            secretary.said().len(),
            round + 1,
            "one answer to the customer, none to the greeting, and the greeting is no owner's word"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a6_a_connection_that_is_ended_cancels_what_waits_within_five_seconds() {
    let secretary = Secretary::new(Business::Answer).await;
    let house = &secretary.house;
    let busy = Fault::new(Fails::TooMany { retry_after: 20 }).on("sendMessage");
    house.world.order(busy);
    secretary.asks();
    house.pass(Duration::from_secs(5)).await;
    house.world.enable_business(secretary.connection, false);
    house.pass(Duration::from_secs(5)).await;
    let before = sends(&secretary);
    house.pass(Duration::from_secs(60)).await;
    assert_eq!(sends(&secretary), before, "nothing is tried any more");
    assert_eq!(secretary.said(), Vec::<String>::new());
    // Connected again, new words are answered.
    house.world.enable_business(secretary.connection, true);
    house.pass(Duration::from_secs(2)).await;
    secretary.asks();
    house.said(secretary.chat, 1).await;
}

/// Calls that write in the customer's chat.
fn sends(secretary: &Secretary) -> usize {
    let calls = secretary.house.world.calls_of("sendMessage");
    let there = calls
        .iter()
        .filter(|call| call.parameters.contains_key("business_connection_id"));
    there.count()
}

#[tokio::test(start_paused = true)]
async fn a6_a_day_after_the_customers_word_nothing_is_tried_and_the_owner_is_told() {
    let secretary = Secretary::new(Business::Answer).await;
    let house = &secretary.house;
    // The answer is made to wait for longer than a day.
    let busy = Fault::new(Fails::TooMany {
        retry_after: 24 * 3_600 + 60,
    });
    house.world.order(busy.on("sendMessage"));
    secretary.asks();
    house.pass(Duration::from_secs(10)).await;
    let before = sends(&secretary);
    assert_eq!(before, 1, "tried once, and asked to wait");
    for _ in 0..24 {
        house.leap(Duration::from_secs(3_600)).await;
    }
    house.leap(Duration::from_secs(90)).await;
    let told = house.world.said_by_bots(secretary.desk).len();
    let world = house.world.clone();
    house
        .until("the owner is told", || {
            world.said_by_bots(secretary.desk).len() > told
                || world.said_by_bots(secretary.desk).len() > 1
        })
        .await;
    house.pass(Duration::from_secs(60)).await;
    assert_eq!(sends(&secretary), before, "not attempted");
    assert_eq!(secretary.said(), Vec::<String>::new());
    assert_eq!(house.world.too_early_count(), 0);
}

#[tokio::test(start_paused = true)]
async fn a6_by_itself_it_writes_drafts_that_its_owner_sends() {
    let secretary = Secretary::new(Business::Draft).await;
    let house = &secretary.house;
    secretary.asks();
    let drafted = house.said(secretary.desk, 2).await;
    let draft = drafted.last().unwrap();
    assert!(draft.contains(ANSWER), "{draft}");
    assert_eq!(
        secretary.said(),
        Vec::<String>::new(),
        "a draft is not sent"
    );
    let last = house.last(secretary.desk);
    house
        .world
        .user_taps(secretary.desk, secretary.owner, last, "Send")
        .unwrap();
    assert!(house.said(secretary.chat, 1).await[0].contains(ANSWER));
    house.pass(Duration::from_secs(5)).await;
    assert_eq!(secretary.said().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a6_a_file_goes_into_no_chat_of_the_owner_and_whoever_sent_it_is_told() {
    let secretary = Secretary::new(Business::Draft).await;
    let house = &secretary.house;
    secretary.asks();
    house.said(secretary.desk, 2).await;
    // Nobody replies before it is kept under which number the draft stands.
    house.pass(Duration::from_secs(2)).await;
    let draft = house.last(secretary.desk);
    let bill = Say::document("bill.pdf", "application/pdf", b"%PDF-1.4".as_slice());
    let bill = bill.caption("Your bill").reply_to(draft);
    house
        .world
        .say(secretary.desk, secretary.owner, bill)
        .unwrap();
    let told = house.said(secretary.desk, 3).await;
    assert!(told[2].contains("no files"), "{told:?}");
    house.pass(Duration::from_secs(5)).await;
    assert!(house.world.calls_of("copyMessage").is_empty());
    assert_eq!(secretary.said(), Vec::<String>::new());
    // Words do go there.
    let words = Say::text("The bill comes by post").reply_to(draft);
    house
        .world
        .say(secretary.desk, secretary.owner, words)
        .unwrap();
    assert_eq!(
        house.said(secretary.chat, 1).await[0],
        "The bill comes by post"
    );
}
