//! Whether a customer asks for a person, on labelled sentences of both languages, half of them hard negatives.

use domain::wants_person::{Wish, wish};

/// The set the rules were made with.
const SEEN: &str = include_str!("wants_person.tsv");
/// Written before the rules, and never used to change them.
const HELD_OUT: &str = include_str!("wants_person_held_out.tsv");

/// How often the rules are right.
#[derive(Debug, PartialEq, Eq)]
struct Counts {
    sentences: usize,
    right: usize,
    missed: usize,
    wrong: usize,
    not_now: usize,
}

/// Counts wishes for a person that are found, missed, and found where there are none; and of the sentences that
/// want none (`not_now`) those found as such.
fn counted(set: &str) -> Counts {
    let mut counts = Counts {
        sentences: 0,
        right: 0,
        missed: 0,
        wrong: 0,
        not_now: 0,
    };
    for line in set.lines().filter(|line| !line.starts_with('#')) {
        let (label, sentence) = line.split_once('\t').unwrap();
        counts.sentences += 1;
        let found = wish(sentence);
        match (label, &found) {
            ("person", Wish::Person(_)) => counts.right += 1,
            ("person", _) => {
                counts.missed += 1;
                println!("missed: {sentence} ({found:?})");
            }
            (_, Wish::Person(words)) => {
                counts.wrong += 1;
                println!("wrong: {sentence} ({words})");
            }
            ("not_now", Wish::NotNow(_)) => counts.not_now += 1,
            ("not_now", _) => println!("not seen as not now: {sentence}"),
            (_, Wish::NotNow(_) | Wish::None) => {}
        }
    }
    counts
}

#[test]
fn seen() {
    println!("{:?}", counted(SEEN));
}
#[test]
fn held_out() {
    println!("{:?}", counted(HELD_OUT));
}
