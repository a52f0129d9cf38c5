//! Wishes that name nobody in particular: a bot that nobody wants, a call back, `is anybody there`.

use crate::wants_person::clause::{Clause, Found};
use crate::wants_person::words::{Kind, among, is};

impl Clause {
    /// `I don't want to talk to a bot`, `не хочу с роботом`.
    pub(super) fn machine(&self) -> Option<Found> {
        let not = (0..self.words.len()).find(|at| {
            is(Kind::Not, self.at(*at))
                || matches!(self.at(*at), "хватит" | "надоел" | "stop" | "cant")
        })?;
        let mut at = not + 1;
        let mut is_wanted = false;
        while at < self.words.len() {
            let word = self.at(at);
            if is(Kind::Machine, word) {
                return is_wanted.then_some(Found {
                    from: not,
                    to: at + 1,
                });
            }
            is_wanted |=
                is(Kind::Talk, word) || matches!(word, "want" | "хочу" | "нужен" | "хочется");
            let passes = is(Kind::Light, word)
                || is(Kind::Denied, word)
                || is(Kind::Talk, word)
                || matches!(word, "тупым" | "этим" | "вашим" | "stupid");
            if !passes {
                return None;
            }
            at += 1;
        }
        None
    }

    /// `Перезвоните мне`, `свяжитесь со мной`, `call me back`.
    pub(super) fn call_back(&self) -> Option<Found> {
        const CALLS: &[&str] = &[
            "перезвоните мне",
            "позвоните мне",
            "мне перезвоните",
            "мне позвоните",
            "свяжитесь со мной",
            "связаться со мной",
            "call me back",
            "ring me back",
            "please call me",
        ];
        for phrase in CALLS {
            let phrase: Vec<&str> = phrase.split(' ').collect();
            let from = self
                .words
                .windows(phrase.len())
                .position(|words| words == phrase);
            let Some(from) = from else { continue };
            let may = self.words[..from].iter().all(|word| {
                is(Kind::Light, word)
                    || matches!(word.as_str(), "can" | "could" | "попросите" | "пусть")
            });
            let to = from + phrase.len();
            let follows = self.at(to);
            if may && (follows.is_empty() || is(Kind::Follow, follows) || is(Kind::Light, follows))
            {
                return Some(Found { from, to });
            }
        }
        None
    }

    /// `Is anybody there?`, `есть кто живой?`, `where is the human?`
    pub(super) fn anybody_there(&self) -> Option<Found> {
        let whole = Found {
            from: 0,
            to: self.words.len(),
        };
        let all = |set: &str| self.words.iter().all(|word| among(set, word));
        let has = |set: &str| self.words.iter().any(|word| among(set, word));
        const THERE: &str = "есть где живой живые";
        const WHO: &str =
            "кто кто-нибудь кто-то живой живые люди человек оператор менеджер консультант";
        const AROUND: &str = "ли тут здесь там у вас а ау вообще ало алло эй на связи линии чате в или только боты нормальный реальный кроме бота";
        let is_there = self
            .words
            .iter()
            .all(|word| among(THERE, word) || among(WHO, word) || among(AROUND, word));
        if is_there && has("есть где тут здесь") && has(WHO) {
            return Some(whole);
        }
        const ENGLISH: &str = "is are there here where wheres a an any the real live actual human humans person operator anyone anybody someone somebody online available hello around living agent agents at all";
        const SOMEBODY: &str =
            "human humans person operator anyone anybody someone somebody agent agents";
        let asks = has("there here where wheres available online");
        if all(ENGLISH) && asks && has(SOMEBODY) {
            return Some(whole);
        }
        // `Is there a human I can talk to?`
        let from = self
            .words
            .windows(2)
            .position(|words| matches!(words[0].as_str(), "is" | "are") && words[1] == "there")?;
        let person = self.reach(Kind::Person, from + 2)?;
        let rest = self.persons_end(person);
        let mut words = self.words[rest..].iter();
        let can_talk = words.all(|word| {
            is(Kind::Light, word)
                || is(Kind::Talk, word)
                || among("can could who that may about order", word.as_str())
        });
        let talks = self.words[rest..]
            .iter()
            .any(|word| is(Kind::Talk, word) || is(Kind::Reply, word));
        (can_talk && talks).then_some(Found {
            from,
            to: self.words.len(),
        })
    }
}
