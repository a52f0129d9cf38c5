//! Handoff: every state with every act, and what the customer is told.

use domain::assistant::AssistantSettings;
use domain::handoff::rules::{HandoffRules, HandoffText, Meanwhile, RulesFault};
use domain::handoff::{Act, By, Handoff, Moment, Operator, OperatorId, Refused, Transition, Why};
use domain::language::Language;
use domain::time::Timestamp;

const NOW: Timestamp = Timestamp(1_000_000);
const EARLIER: Timestamp = Timestamp(0);

fn operator(id: i64, name: &str) -> Operator {
    Operator {
        id: OperatorId::Telegram(id),
        name: name.to_owned(),
    }
}

fn ann() -> Operator {
    operator(1, "Ann")
}

fn bob() -> Operator {
    operator(2, "Bob")
}

fn asks() -> Act {
    Act::CustomerAsks {
        words: "talk to a human".to_owned(),
    }
}

fn requested(meanwhile: Meanwhile) -> Handoff {
    Handoff::Requested {
        why: Why::LowConfidence,
        meanwhile,
        at: EARLIER,
    }
}

fn taken(by: Operator) -> Handoff {
    Handoff::Taken { by, at: EARLIER }
}

fn states() -> [Handoff; 6] {
    [
        Handoff::Ai,
        requested(Meanwhile::Answering),
        requested(Meanwhile::Silent),
        taken(ann()),
        Handoff::HandedBack { at: EARLIER },
        Handoff::Closed { at: EARLIER },
    ]
}

fn after(state: &Handoff, act: Act) -> Result<Transition, Refused> {
    state.after(act, NOW, &HandoffRules::default())
}

/// The state's name after each act, `=` where nothing changed, the refusal's name where it was refused.
fn table(act: &Act) -> Vec<String> {
    let told = |state: &Handoff| match after(state, act.clone()) {
        Err(refused) => format!("{refused:?}")
            .split([' ', '('])
            .next()
            .unwrap()
            .to_owned(),
        Ok(transition) if !transition.is_change() => "=".to_owned(),
        Ok(transition) => format!("{:?}", transition.to)
            .split(' ')
            .next()
            .unwrap()
            .to_owned(),
    };
    states().iter().map(told).collect()
}

#[test]
fn every_act_in_every_state() {
    let by = ann;
    let words = || "refund".to_owned();
    // In the order of the states: the assistant, asked for (answering, silent), taken by Ann, handed back, closed.
    for (act, expected) in [
        (asks(), "Requested Requested = = Requested Requested"),
        (
            Act::OwnersRule { words: words() },
            "Requested Requested = = Requested Requested",
        ),
        (Act::LowConfidence, "Requested = = = Requested Requested"),
        (
            Act::RepeatedRefusal { times: 3 },
            "Requested = = = Requested Requested",
        ),
        (
            Act::RepeatedRefusal { times: 2 },
            "RuleIsOff RuleIsOff RuleIsOff RuleIsOff RuleIsOff RuleIsOff",
        ),
        (Act::LowRating, "Requested = = = Requested Requested"),
        (
            Act::OperatorTypes { by: by() },
            "Taken Taken Taken = Taken Taken",
        ),
        (Act::Take { by: by() }, "Taken Taken Taken = Taken Taken"),
        (
            Act::OperatorTypes { by: bob() },
            "Taken Taken Taken AnotherHasIt Taken Taken",
        ),
        (
            Act::Take { by: bob() },
            "Taken Taken Taken AnotherHasIt Taken Taken",
        ),
        (
            Act::HandBack { by: by() },
            "NobodyHasIt HandedBack HandedBack HandedBack = IsClosed",
        ),
        (
            Act::HandBack { by: bob() },
            "NobodyHasIt HandedBack HandedBack HandedBack = IsClosed",
        ),
        (
            Act::Close { by: by() },
            "Closed Closed Closed Closed Closed =",
        ),
        (
            Act::Reopen,
            "IsNotClosed IsNotClosed IsNotClosed IsNotClosed IsNotClosed Ai",
        ),
        (
            Act::IdleFor { minutes: 30 },
            "NobodyHasIt HandedBack HandedBack HandedBack NobodyHasIt NobodyHasIt",
        ),
        (
            Act::IdleFor { minutes: 29 },
            "NobodyHasIt NotIdleYet NotIdleYet NotIdleYet NobodyHasIt NobodyHasIt",
        ),
    ] {
        assert_eq!(table(&act).join(" "), expected, "{act:?}");
    }
}

#[test]
fn the_assistant_is_silent_while_a_person_has_it_or_was_asked_for_by_the_customer() {
    let silent: Vec<bool> = states().iter().map(Handoff::is_assistant_silent).collect();
    assert_eq!(silent, [false, false, true, true, false, false]);
    assert!(
        after(&Handoff::Ai, asks())
            .unwrap()
            .to
            .is_assistant_silent()
    );
    let rule = Act::OwnersRule {
        words: "refund".to_owned(),
    };
    assert!(after(&Handoff::Ai, rule).unwrap().to.is_assistant_silent());
    // An unanswered question calls somebody, and what can be answered meanwhile is, unless the owner wants silence.
    assert!(
        !after(&Handoff::Ai, Act::LowConfidence)
            .unwrap()
            .to
            .is_assistant_silent()
    );
    let rules = HandoffRules {
        meanwhile: Meanwhile::Silent,
        ..HandoffRules::default()
    };
    let transition = Handoff::Ai.after(Act::LowConfidence, NOW, &rules).unwrap();
    assert!(transition.to.is_assistant_silent());
}

#[test]
fn two_operators_cannot_take_the_same_conversation() {
    let transition = after(&requested(Meanwhile::Silent), Act::Take { by: ann() }).unwrap();
    let refused = after(&transition.to, Act::Take { by: bob() }).unwrap_err();
    assert_eq!(refused, Refused::AnotherHasIt(ann()));
    assert_eq!(refused.to_string(), "another operator has it: Ann");
    // The same person under another name is the same person.
    let renamed = operator(1, "Ann B.");
    assert!(
        !after(&transition.to, Act::OperatorTypes { by: renamed })
            .unwrap()
            .is_change()
    );
}

#[test]
fn every_transition_tells_the_audit_who_did_what_when() {
    let transition = after(&taken(ann()), Act::HandBack { by: ann() }).unwrap();
    assert_eq!(
        transition,
        Transition {
            from: taken(ann()),
            to: Handoff::HandedBack { at: NOW },
            act: Act::HandBack { by: ann() },
            by: By::Operator(ann()),
            at: NOW,
        }
    );
    let idle = Act::IdleFor { minutes: 45 };
    assert_eq!(after(&taken(ann()), idle).unwrap().by, By::Clock);
    assert_eq!(after(&Handoff::Ai, asks()).unwrap().by, By::Contact);
    assert_eq!(
        after(&Handoff::Ai, Act::LowConfidence).unwrap().by,
        By::Assistant
    );
    let stored = serde_json::to_string(&transition).unwrap();
    assert_eq!(
        serde_json::from_str::<Transition>(&stored).unwrap(),
        transition
    );
}

#[test]
fn the_owners_rules_say_when_a_person_is_asked_for() {
    let mut rules = HandoffRules {
        words: vec!["give my money back".to_owned(), "возврат*".to_owned()],
        ..HandoffRules::default()
    };
    rules.check().unwrap();
    let heard = |message: &str| rules.on_message(message).is_some();
    assert!(heard("Please GIVE my money, back!"));
    assert!(heard("Оформите возвраты"));
    assert!(!heard("give me my money back"));
    assert!(!heard("невозвратный тариф"));
    assert_eq!(rules.on_refusal(1), Some(Act::LowConfidence));
    assert_eq!(rules.on_refusal(3), Some(Act::RepeatedRefusal { times: 3 }));
    rules.on_low_confidence = false;
    rules.after_refusals = 0;
    rules.on_low_rating = false;
    assert_eq!(rules.on_refusal(9), None);
    for act in [
        Act::LowConfidence,
        Act::RepeatedRefusal { times: 9 },
        Act::LowRating,
    ] {
        assert_eq!(Handoff::Ai.after(act, NOW, &rules), Err(Refused::RuleIsOff));
    }
    // A customer who asks is heard whatever the rules.
    assert!(Handoff::Ai.after(asks(), NOW, &rules).is_ok());
}

#[test]
fn customers_are_told_in_their_language_and_in_the_owners_words() {
    let rules = HandoffRules::default();
    let take = after(&requested(Meanwhile::Silent), Act::Take { by: ann() }).unwrap();
    assert_eq!(
        rules.told(&take, Language::EN).unwrap(),
        "Ann is answering you now."
    );
    assert_eq!(
        rules.told(&take, Language::RU).unwrap(),
        "Вам отвечает Ann."
    );
    let hidden = HandoffRules {
        show_name: false,
        ..HandoffRules::default()
    };
    assert_eq!(
        hidden.told(&take, Language::RU).unwrap(),
        "Вам отвечает сотрудник."
    );
    let text = |language: Language, text: &str| HandoffText {
        moment: Moment::Taken,
        language,
        text: text.to_owned(),
    };
    let own = HandoffRules {
        texts: vec![text(Language::EN, "Meet {name}."), text(Language::RU, "")],
        ..HandoffRules::default()
    };
    assert_eq!(own.told(&take, Language::EN).unwrap(), "Meet Ann.");
    assert_eq!(own.told(&take, Language::UNKNOWN).unwrap(), "Meet Ann.");
    assert_eq!(own.told(&take, Language::RU), None);
    // What changes nothing is not said again; nobody's coming is said otherwise than somebody's going.
    assert_eq!(
        rules.told(&after(&taken(ann()), asks()).unwrap(), Language::EN),
        None
    );
    let idle = || Act::IdleFor { minutes: 30 };
    let nobody = after(&requested(Meanwhile::Silent), idle()).unwrap();
    assert_eq!(nobody.moment(), Some(Moment::NobodyCame));
    assert_eq!(
        after(&taken(ann()), idle()).unwrap().moment(),
        Some(Moment::HandedBack)
    );
    for moment in [nobody, take, after(&Handoff::Ai, asks()).unwrap()] {
        assert_ne!(
            rules.told(&moment, Language::EN),
            rules.told(&moment, Language::RU)
        );
    }
}

#[test]
fn rules_are_held_within_their_bounds() {
    let refused = |change: &dyn Fn(&mut HandoffRules)| {
        let mut rules = HandoffRules::default();
        change(&mut rules);
        rules.check().unwrap_err()
    };
    assert_eq!(refused(&|rules| rules.idle_minutes = 0), RulesFault::Idle);
    assert_eq!(
        refused(&|rules| rules.idle_minutes = 10_081),
        RulesFault::Idle
    );
    assert_eq!(
        refused(&|rules| rules.after_refusals = 21),
        RulesFault::Refusals
    );
    assert_eq!(
        refused(&|rules| rules.words = vec!["?!".to_owned()]),
        RulesFault::Words
    );
    assert_eq!(
        refused(&|rules| rules.words = vec!["a".to_owned(); 101]),
        RulesFault::Words
    );
    let text = |text: String| HandoffText {
        moment: Moment::Closed,
        language: Language::EN,
        text,
    };
    assert_eq!(
        refused(&|rules| rules.texts = vec![text("a".repeat(1_001))]),
        RulesFault::Texts
    );
    assert_eq!(
        refused(&|rules| rules.texts = vec![text(String::new()); 2]),
        RulesFault::TextTwice
    );
}

#[test]
fn settings_of_before_are_always_open_and_have_the_usual_rules() {
    let before: AssistantSettings = serde_json::from_str(r#"{"greeting": "Hello"}"#).unwrap();
    assert_eq!(before.hours, None);
    assert_eq!(before.handoff, HandoffRules::default());
    assert_eq!(before.handoff.idle_minutes, 30);
}
