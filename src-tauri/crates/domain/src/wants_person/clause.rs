//! One clause, read for itself: a verb of asking with its person, or a person alone, and what denies them.

use crate::wants_person::Wish;
use crate::wants_person::words::{Kind, among, is};

/// Words between two marks.
pub(super) struct Clause {
    /// The words, corrected.
    pub(super) words: Vec<String>,
    /// True when its sentence is a question with more in it.
    pub(super) is_part_of_question: bool,
}

/// A wish found in a clause: the words from `from` to before `to`.
pub(super) struct Found {
    pub(super) from: usize,
    pub(super) to: usize,
}

impl Clause {
    pub(super) fn wish(&self, is_short: bool) -> Wish {
        let found = self
            .machine()
            .or_else(|| self.call_back())
            .or_else(|| self.anybody_there());
        if let Some(found) = found {
            return Wish::Person(self.told(&found));
        }
        if let Some(found) = self.asked() {
            return match self.is_denied(&found) {
                true => Wish::NotNow(self.told(&found)),
                false => Wish::Person(self.told(&found)),
            };
        }
        if is_short && let Some(wish) = self.alone() {
            return wish;
        }
        self.not_sent()
    }

    fn told(&self, found: &Found) -> String {
        self.words[found.from..found.to].join(" ").replace('_', " ")
    }

    pub(super) fn at(&self, index: usize) -> &str {
        self.words.get(index).map_or("", String::as_str)
    }

    fn before(&self, index: usize) -> &str {
        index.checked_sub(1).map_or("", |before| self.at(before))
    }

    /// The first word from `from` on that is not light, and is of the kind.
    pub(super) fn reach(&self, kind: Kind, from: usize) -> Option<usize> {
        let mut at = from;
        while at < self.words.len() {
            if is(kind, self.at(at)) {
                return Some(at);
            }
            if !is(Kind::Light, self.at(at)) {
                return None;
            }
            at += 1;
        }
        None
    }

    /// The end of the persons that begin at `from`: `human agent` and `кто-нибудь из сотрудников` are one.
    pub(super) fn persons_end(&self, from: usize) -> usize {
        let mut end = from;
        while is(Kind::Person, self.at(end)) {
            end += 1;
            let is_one_of = matches!(self.at(end), "из" | "from" | "of");
            if is_one_of {
                let mut next = end + 1;
                while matches!(self.at(next), "the" | "your" | "ваших") {
                    next += 1;
                }
                if is(Kind::Person, self.at(next)) {
                    end = next;
                }
            }
        }
        end
    }

    /// A verb of asking with its person, in this order or (Russian) the other.
    fn asked(&self) -> Option<Found> {
        (0..self.words.len()).find_map(|at| {
            let found = self.asked_at(at);
            found.filter(|_| !self.is_about_asking(at))
        })
    }

    fn asked_at(&self, at: usize) -> Option<Found> {
        let word = self.at(at);
        let is_talk = is(Kind::Talk, word) || is(Kind::Send, word);
        if is_talk && let Some(found) = self.with_person(at, true) {
            return Some(found);
        }
        if is(Kind::Give, word)
            && self.begins_asking(at)
            && let Some(found) = self.with_person(at, false)
        {
            return Some(found);
        }
        if is(Kind::Need, word)
            && self.is_own_need(at)
            && let Some(found) = self.with_person(at, false)
        {
            return Some(found);
        }
        if matches!(word, "можно" | "можете")
            && let Some(found) = self.may_have(at)
        {
            return Some(found);
        }
        let asks_somebody = among(
            "can could would will let have ask tell get want need like пусть чтобы чтоб может попросите",
            word,
        );
        if asks_somebody && let Some(found) = self.somebody_does(at + 1, at) {
            return Some(found);
        }
        if is(Kind::Person, word) {
            return self.person_first(at);
        }
        None
    }

    /// A person after the verb at `verb`, with nothing of weight between, and nothing after that makes it another
    /// thing.
    fn with_person(&self, verb: usize, is_talk: bool) -> Option<Found> {
        let is_no_need = self.before(verb) == "no" && self.at(verb + 1) == "for";
        let person = self.reach(Kind::Person, verb + 1 + usize::from(is_no_need))?;
        let end = self.persons_end(person);
        let next = self.at(end);
        if self.at(verb) == "contact" && person == verb + 1 && self.at(person) == "person" {
            return None;
        }
        let is_craftsman = self.at(person).starts_with("мастер");
        if is_craftsman && !is(Kind::Talk, self.at(verb)) {
            return None;
        }
        // `нужен человек для сборки`, `I need an agent to buy`: somebody for a work, not for a talk.
        let has_task = self.words[..verb]
            .iter()
            .any(|word| word == "для" || word == "сколько");
        if has_task && !is_talk {
            return None;
        }
        let may_follow = next.is_empty()
            || is(Kind::Follow, next) && !self.is_place(end)
            || is_talk && is(Kind::FollowTalk, next)
            || next == "to" && self.reach(Kind::Reply, end + 1).is_some()
            || is(Kind::Reply, next)
            || next == "from" && self.reach(Kind::Person, end + 1).is_some();
        may_follow.then_some(Found {
            from: verb,
            to: end,
        })
    }

    /// `на дом`, `в Казани`: after a person these say where the work is, unless it is where the talk is.
    fn is_place(&self, at: usize) -> bool {
        matches!(self.at(at), "в" | "на")
            && !(self.at(at + 1).is_empty()
                || among("чат чате связь линию разговор диалог", self.at(at + 1)))
    }

    /// True for imperatives and wishes, false for what somebody else does (`they call the operator every day`).
    fn begins_asking(&self, at: usize) -> bool {
        let is_russian = !self.at(at).is_ascii();
        let before = self.before(at);
        let is_asked = before.is_empty()
            || among(
                "please pls you just and to now then or so but not dont i id lets hello hi",
                before,
            );
        is_russian || is_asked
    }

    /// True when the one who writes needs it: `I need`, `need`; not `do I need`, `who needs`, `нужен ли`.
    fn is_own_need(&self, at: usize) -> bool {
        let before = self.before(at);
        let two_before = at.checked_sub(2).map_or("", |at| self.at(at));
        if self.at(at + 1) == "ли" {
            return false;
        }
        if before == "i" || before == "we" {
            return !among("do does did if will would when why", two_before);
        }
        !among("you they does who also people would it look looks", before) || two_before == "i"
    }

    /// `можно человека`, `можно с оператором`: in the cases in which people are asked for.
    fn may_have(&self, at: usize) -> Option<Found> {
        if self.at(at + 1) == "ли" && !matches!(self.at(at + 2), "с" | "со") {
            return None;
        }
        let from = if self.at(at + 1) == "ли" {
            at + 2
        } else {
            at + 1
        };
        let person = self.reach(Kind::Person, from)?;
        let end = self.persons_end(person);
        let word = self.at(person);
        let is_asked_for = word.ends_with(['а', 'я'])
            || word.ends_with("го")
            || word.ends_with("ом")
            || word.ends_with("ем")
            || word.ends_with("го-нибудь")
            || word.ends_with("ем-нибудь")
            || word.ends_with("им")
            || word == "поддержку"
            || word == "поддержкой";
        let next = self.at(end);
        let may_follow = next.is_empty()
            || is(Kind::Follow, next) && !self.is_place(end)
            || is(Kind::Talk, next);
        (is_asked_for && may_follow && !word.starts_with("мастер"))
            .then_some(Found { from: at, to: end })
    }

    /// Somebody is asked to answer, call or help: from `from` on a person and then what they should do, or (Russian)
    /// the other way round.
    fn somebody_does(&self, from: usize, begin: usize) -> Option<Found> {
        if let Some(person) = self.reach(Kind::Person, from) {
            let mut at = self.persons_end(person);
            while among(
                "please to from your team support может мне со of the office store shop human company there here just пожалуйста чтобы чтоб он она",
                self.at(at),
            ) {
                at += 1;
            }
            return (is(Kind::Reply, self.at(at)) && self.is_for_me(at)).then_some(Found {
                from: begin,
                to: at + 1,
            });
        }
        let does = self.reach(Kind::Reply, from)?;
        let is_russian = !self.at(does).is_ascii();
        let person = self.reach(Kind::Person, does + 1).filter(|_| is_russian)?;
        let end = self.persons_end(person);
        let next = self.at(end);
        (next.is_empty() || is(Kind::Follow, next) || is(Kind::FollowTalk, next)).then_some(Found {
            from: begin,
            to: end,
        })
    }

    /// True when what the word at `at` does is done for the one who writes.
    fn is_for_me(&self, at: usize) -> bool {
        let next = self.at(at + 1);
        next.is_empty()
            || is(Kind::Follow, next)
            || among(
                "me us back to this here in it my with out мне нам со с меня этот вопрос",
                next,
            )
    }

    /// A person before the verb: `оператор нужен`, `с человеком поговорить можно`, `кто-нибудь ответьте`.
    fn person_first(&self, person: usize) -> Option<Found> {
        let is_russian = !self.at(person).is_ascii();
        let mut before = self.words[..person].iter();
        let is_start = before.all(|word| {
            let is_opening = among(
                "есть как где когда хочу ответьте отзовитесь помогите",
                word.as_str(),
            );
            (is(Kind::Light, word) || is_opening) && !is(Kind::Person, word)
        });
        if !is_russian || !is_start {
            return None;
        }
        let mut at = self.persons_end(person);
        let is_called = matches!(self.before(person), "ответьте" | "отзовитесь" | "помогите");
        let mut asks = is_called.then_some(at);
        while at < self.words.len() {
            let word = self.at(at);
            let is_verb = is(Kind::Talk, word)
                || is(Kind::Send, word)
                || is(Kind::Give, word)
                || is(Kind::Need, word)
                || word == "можно"
                || self.at(person).starts_with("кто") && is(Kind::Reply, word)
                || among("ответьте отзовитесь помогите ответит свяжитесь", word);
            let passes = is(Kind::Light, word)
                || is(Kind::Not, word)
                || matches!(word, "может" | "могу" | "мне");
            match (is_verb, passes) {
                (true, _) => asks = Some(at + 1),
                (false, true) => {}
                // A verb with its own further words has been asked already.
                (false, false) if asks.is_some() && is(Kind::Follow, word) => break,
                (false, false) => return None,
            }
            at += 1;
        }
        if self.at(at.saturating_sub(1)) == "ли" || self.at(self.persons_end(person)) == "ли" {
            return None;
        }
        asks.map(|to| Found { from: person, to })
    }

    /// Only a person, and words without weight: `live agent please`, `живого человека`.
    fn alone(&self) -> Option<Wish> {
        // Who is meant is too general, or is said of somebody: `one person`, `вы человек`, `an agent and I`.
        const TOO_GENERAL: &str = "кто-то кого-то team staff людей сотрудников мастер мастера старший colleagues employees humans";
        const OF_SOMEBODY: &str = "one and i вы you";
        const BEFORE: &str = "чат more need mind";
        const AFTER: &str = "support team ответьте справлюсь обойдусь нужен";
        let is_weightless = |word: &String| is(Kind::Light, word) || is(Kind::Not, word);
        let person = self.words.iter().position(|word| is(Kind::Person, word))?;
        let end = self.persons_end(person);
        let (before, after) = (&self.words[..person], &self.words[end..]);
        let is_alone = before
            .iter()
            .all(|word| is_weightless(word) || among(BEFORE, word))
            && after
                .iter()
                .all(|word| is_weightless(word) || among(AFTER, word) || is(Kind::Machine, word));
        let is_meant = !among(TOO_GENERAL, self.at(person))
            && !self.words.iter().any(|word| among(OF_SOMEBODY, word));
        if !is_alone || !is_meant || self.is_part_of_question {
            return None;
        }
        let told = self.told(&Found {
            from: person,
            to: end,
        });
        Some(match before.iter().any(|word| is(Kind::Not, word)) {
            true => Wish::NotNow(told),
            false => Wish::Person(told),
        })
    }

    /// `No need to transfer me`, `не переключайте`: nobody is named, and none is wanted.
    fn not_sent(&self) -> Wish {
        let sent = (0..self.words.len()).find(|at| {
            is(Kind::Send, self.at(*at))
                && matches!(self.at(at + 1), "me" | "us" | "меня" | "нас" | "")
        });
        let Some(at) = sent else { return Wish::None };
        let found = Found {
            from: at,
            to: self.words.len().min(at + 2),
        };
        let ends = self.at(at + 2).is_empty();
        match ends && self.is_denied(&found) {
            true => Wish::NotNow(self.told(&found)),
            false => Wish::None,
        }
    }

    /// True when a denial stands right before what was found, or within a person-first wish.
    fn is_denied(&self, found: &Found) -> bool {
        let within = self.words[found.from..found.to].iter();
        let mut within = within.skip(1);
        if within.any(|word| word == "не" || word == "not") {
            return true;
        }
        let mut at = found.from;
        while at > 0 {
            at -= 1;
            let word = self.at(at);
            if is(Kind::Not, word) {
                // `why don't you connect me`, `why not call a human`: no denial.
                return self.before(at) != "why" && self.before(at) != "почему";
            }
            if !is(Kind::Denied, word) && !is(Kind::Give, word) {
                return false;
            }
        }
        false
    }

    /// `Do I have to talk to an agent?`, `what happens if I call the operator`: about asking, not asking.
    fn is_about_asking(&self, at: usize) -> bool {
        let before = &self.words[..at];
        let has = |pair: [&str; 2]| before.windows(2).any(|words| words == pair);
        has(["do", "i"]) && before.iter().any(|word| word == "have" || word == "need")
            || has(["should", "i"])
            || has(["must", "i"])
            || before
                .iter()
                .any(|word| among("if если when обязательно вакансия", word.as_str()))
    }
}
