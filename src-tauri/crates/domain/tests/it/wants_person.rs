//! Whether a customer asks for a person, on labelled sentences of both languages, half of them hard negatives.

use domain::wants_person::{Wish, wish};

/// The set the rules were made with.
const SEEN: &str = include_str!("wants_person.tsv");
/// Written before the rules, and never used to change them.
const HELD_OUT: &str = include_str!("wants_person_held_out.tsv");

/// How often the rules are right.
#[derive(Debug, PartialEq, Eq)]
struct Counts {
    /// Wishes for a person that are found.
    found: u32,
    /// Wishes for a person that are not.
    missed: u32,
    /// Sentences without such a wish in which one is found.
    wrong: u32,
    /// Wishes for no person (`not_now`) that are found as such.
    not_now: u32,
    /// All sentences.
    sentences: u32,
}

impl Counts {
    fn precision(&self) -> f64 {
        f64::from(self.found) / f64::from(self.found + self.wrong)
    }

    fn recall(&self) -> f64 {
        f64::from(self.found) / f64::from(self.found + self.missed)
    }
}

/// Counts, and the sentences that are misread.
fn counted(set: &str) -> (Counts, Vec<String>) {
    let mut counts = Counts {
        found: 0,
        missed: 0,
        wrong: 0,
        not_now: 0,
        sentences: 0,
    };
    let mut misread = Vec::new();
    for line in set.lines().filter(|line| !line.starts_with('#')) {
        let (label, sentence) = line.split_once('\t').unwrap();
        counts.sentences += 1;
        let is_right = match (label, wish(sentence)) {
            ("person", Wish::Person(_)) => {
                counts.found += 1;
                true
            }
            ("person", Wish::NotNow(_) | Wish::None) => {
                counts.missed += 1;
                false
            }
            ("not_now" | "none", Wish::Person(_)) => {
                counts.wrong += 1;
                false
            }
            ("not_now", Wish::NotNow(_)) => {
                counts.not_now += 1;
                true
            }
            ("not_now", Wish::None) => false,
            ("none", Wish::NotNow(_) | Wish::None) => true,
            _ => panic!("an unknown label: {line}"),
        };
        if !is_right {
            misread.push(line.to_owned());
        }
    }
    (counts, misread)
}

#[test]
fn the_sentences_of_the_rules_are_read_right() {
    let (counts, misread) = counted(SEEN);
    let expected = Counts {
        found: 195,
        missed: 0,
        wrong: 0,
        not_now: 26,
        sentences: 403,
    };
    assert_eq!(counts, expected, "{misread:#?}");
}

#[test]
fn sentences_that_the_rules_were_not_made_with_are_read_almost_as_well() {
    let (counts, misread) = counted(HELD_OUT);
    let expected = Counts {
        found: 46,
        missed: 4,
        wrong: 0,
        not_now: 0,
        sentences: 100,
    };
    assert_eq!(counts, expected, "{misread:#?}");
    assert!(counts.precision() >= 0.97, "{}", counts.precision());
    assert!(counts.recall() >= 0.9, "{}", counts.recall());
}
