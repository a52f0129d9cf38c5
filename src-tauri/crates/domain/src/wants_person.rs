//! Does a customer ask for a person? By rules, without a model, in English and Russian.
//!
//! A message is cut into clauses, and each is read for itself. What counts is a verb of asking with the person it
//! asks for, with nothing of weight between them and nothing after them that makes another thing of the person
//! (`operator manual`, `оператор погрузчика`); or a person alone (`оператора, пожалуйста`); or somebody asked to
//! answer, call, help; or a bot that nobody wants. A denial before it turns it into the opposite. A question about
//! people is not a wish for one. When in doubt it is none: the assistant answers, and can be asked again.
//!
//! Not here: what is done with the wish (`handoff`), and better recognition with a model.

mod words;

use crate::wants_person::words::{JOINED, Kind, corrected, is};

/// Most words of a message that are looked at: who wants a person says so sooner.
const MAX_WORDS: usize = 400;
/// A person alone is a wish only in a message of so few words: else it is an item of a list.
const SHORT: usize = 14;

/// Whether a message asks for a person, with the words that say so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wish {
    /// It does.
    Person(String),
    /// It asks not to be given to one.
    NotNow(String),
    /// It speaks of something else.
    None,
}

/// Whether `message` asks for a person. The plainest wish of several counts: one for a person before one against.
pub fn wish(message: &str) -> Wish {
    let clauses = clauses(message);
    let words: usize = clauses.iter().map(|clause| clause.words.len()).sum();
    let mut against = Wish::None;
    for clause in &clauses {
        match clause.wish(words <= SHORT) {
            Wish::Person(words) => return Wish::Person(words),
            found @ Wish::NotNow(_) if against == Wish::None => against = found,
            Wish::NotNow(_) | Wish::None => {}
        }
    }
    against
}

/// Words between two marks.
struct Clause {
    words: Vec<String>,
    /// True when its sentence is a question with more in it.
    is_part_of_question: bool,
}

/// A wish found in a clause: the words from `from` to before `to`.
struct Found {
    from: usize,
    to: usize,
}

impl Clause {
    fn wish(&self, is_short: bool) -> Wish {
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

    fn at(&self, index: usize) -> &str {
        self.words.get(index).map_or("", String::as_str)
    }

    fn before(&self, index: usize) -> &str {
        index.checked_sub(1).map_or("", |before| self.at(before))
    }

    /// The first word from `from` on that is not light, and is of the kind.
    fn reach(&self, kind: Kind, from: usize) -> Option<usize> {
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
    fn persons_end(&self, from: usize) -> usize {
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

    /// `I don't want to talk to a bot`, `не хочу с роботом`.
    fn machine(&self) -> Option<Found> {
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
    fn call_back(&self) -> Option<Found> {
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
    fn anybody_there(&self) -> Option<Found> {
        let whole = Found {
            from: 0,
            to: self.words.len(),
        };
        let all = |set: &[&str]| {
            let mut words = self.words.iter();
            words.all(|word| set.contains(&word.as_str()))
        };
        let has = |set: &[&str]| self.words.iter().any(|word| set.contains(&word.as_str()));
        const THERE: &[&str] = &["есть", "где", "живой", "живые"];
        const WHO: &[&str] = &[
            "кто",
            "кто-нибудь",
            "кто-то",
            "живой",
            "живые",
            "люди",
            "человек",
            "оператор",
            "менеджер",
            "консультант",
        ];
        const AROUND: &[&str] = &[
            "ли",
            "тут",
            "здесь",
            "там",
            "у",
            "вас",
            "а",
            "ау",
            "вообще",
            "ало",
            "алло",
            "эй",
            "на",
            "связи",
            "линии",
            "чате",
            "в",
            "или",
            "только",
            "боты",
            "нормальный",
            "реальный",
            "кроме",
            "бота",
        ];
        let is_there = self.words.iter().all(|word| {
            THERE.contains(&word.as_str())
                || WHO.contains(&word.as_str())
                || AROUND.contains(&word.as_str())
        });
        if is_there && has(&["есть", "где", "тут", "здесь"]) && has(WHO) {
            return Some(whole);
        }
        const ENGLISH: &[&str] = &[
            "is",
            "are",
            "there",
            "here",
            "where",
            "wheres",
            "a",
            "an",
            "any",
            "the",
            "real",
            "live",
            "actual",
            "human",
            "humans",
            "person",
            "operator",
            "anyone",
            "anybody",
            "someone",
            "somebody",
            "online",
            "available",
            "hello",
            "around",
            "living",
            "agent",
            "agents",
            "at",
            "all",
        ];
        const SOMEBODY: &[&str] = &[
            "human", "humans", "person", "operator", "anyone", "anybody", "someone", "somebody",
            "agent", "agents",
        ];
        let asks = has(&["there", "here", "where", "wheres", "available", "online"]);
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
                || matches!(
                    word.as_str(),
                    "can" | "could" | "who" | "that" | "may" | "about" | "order"
                )
        });
        let talks = self.words[rest..]
            .iter()
            .any(|word| is(Kind::Talk, word) || is(Kind::Reply, word));
        (can_talk && talks).then_some(Found {
            from,
            to: self.words.len(),
        })
    }

    /// A verb of asking with its person, in this order or (Russian) the other.
    fn asked(&self) -> Option<Found> {
        (0..self.words.len()).find_map(|at| self.asked_at(at))
    }

    fn asked_at(&self, at: usize) -> Option<Found> {
        let word = self.at(at);
        if self.is_about_asking(at) {
            return None;
        }
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
        let asks_somebody = matches!(
            word,
            "can"
                | "could"
                | "would"
                | "will"
                | "let"
                | "have"
                | "ask"
                | "tell"
                | "get"
                | "want"
                | "need"
                | "like"
                | "пусть"
                | "чтобы"
                | "чтоб"
                | "может"
                | "попросите"
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
        let person = self.reach(Kind::Person, verb + 1)?;
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
            && !matches!(
                self.at(at + 1),
                "чат" | "чате" | "связь" | "линию" | "разговор" | "диалог" | ""
            )
    }

    /// True for imperatives and wishes, false for what somebody else does (`I call the operator every day`).
    fn begins_asking(&self, at: usize) -> bool {
        let before = self.before(at);
        let is_russian = self.at(at).chars().any(|c| !c.is_ascii());
        if is_russian {
            return true;
        }
        let is_asked = matches!(
            before,
            "" | "please"
                | "pls"
                | "you"
                | "just"
                | "and"
                | "to"
                | "now"
                | "then"
                | "or"
                | "so"
                | "but"
                | "not"
                | "dont"
                | "i"
                | "id"
                | "lets"
                | "hello"
                | "hi"
        );
        // `how do I get a manager's discount`: a person follows the verb, and what follows it is looked at too.
        is_asked
    }

    /// True when the one who writes needs it: `I need`, `need`; not `do I need`, `who needs`, `нужен ли`.
    fn is_own_need(&self, at: usize) -> bool {
        let before = self.before(at);
        let two_before = at.checked_sub(2).map_or("", |at| self.at(at));
        if self.at(at + 1) == "ли" {
            return false;
        }
        if before == "i" || before == "we" {
            return !matches!(
                two_before,
                "do" | "does" | "did" | "if" | "will" | "would" | "when" | "why"
            );
        }
        !matches!(
            before,
            "you" | "they" | "does" | "who" | "also" | "people" | "would" | "it" | "look" | "looks"
        ) || two_before == "i"
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
            while matches!(
                self.at(at),
                "please"
                    | "to"
                    | "from"
                    | "your"
                    | "team"
                    | "support"
                    | "может"
                    | "мне"
                    | "со"
                    | "of"
                    | "the"
                    | "office"
                    | "store"
                    | "shop"
                    | "human"
                    | "company"
                    | "there"
                    | "here"
                    | "just"
                    | "пожалуйста"
                    | "чтобы"
                    | "чтоб"
                    | "он"
                    | "она"
            ) {
                at += 1;
            }
            return (is(Kind::Reply, self.at(at)) && self.is_for_me(at)).then_some(Found {
                from: begin,
                to: at + 1,
            });
        }
        let does = self.reach(Kind::Reply, from)?;
        let is_russian = self.at(does).chars().any(|c| !c.is_ascii());
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
            || matches!(
                next,
                "me" | "us"
                    | "back"
                    | "to"
                    | "this"
                    | "here"
                    | "in"
                    | "it"
                    | "my"
                    | "with"
                    | "out"
                    | "мне"
                    | "нам"
                    | "со"
                    | "с"
                    | "меня"
                    | "этот"
                    | "вопрос"
            )
    }

    /// A person before the verb: `оператор нужен`, `с человеком поговорить можно`, `кто-нибудь ответьте`.
    fn person_first(&self, person: usize) -> Option<Found> {
        let is_russian = self.at(person).chars().any(|c| !c.is_ascii());
        let is_start = self.words[..person].iter().all(|word| {
            (is(Kind::Light, word)
                || matches!(word.as_str(), "есть" | "как" | "где" | "когда" | "хочу"))
                && !is(Kind::Person, word)
        });
        if !is_russian || !is_start {
            return None;
        }
        let mut at = self.persons_end(person);
        let mut asks = None;
        while at < self.words.len() {
            let word = self.at(at);
            let is_verb = is(Kind::Talk, word)
                || is(Kind::Send, word)
                || is(Kind::Give, word)
                || is(Kind::Need, word)
                || word == "можно"
                || self.at(person).starts_with("кто") && is(Kind::Reply, word)
                || matches!(
                    word,
                    "ответьте" | "отзовитесь" | "помогите" | "ответит" | "свяжитесь"
                );
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
        let person = self.words.iter().position(|word| is(Kind::Person, word))?;
        if self.is_part_of_question {
            return None;
        }
        let end = self.persons_end(person);
        let is_weightless = |word: &String| {
            is(Kind::Light, word)
                || is(Kind::Not, word)
                || matches!(word.as_str(), "чат" | "more" | "need")
        };
        let ends_weightless = |word: &String| {
            (is(Kind::Light, word) && !matches!(word.as_str(), "для"))
                || is(Kind::Machine, word)
                || is(Kind::Not, word)
                || matches!(
                    word.as_str(),
                    "а" | "support" | "ответьте" | "team" | "справлюсь" | "обойдусь" | "нужен"
                )
        };
        let is_alone = self.words[..person].iter().all(is_weightless)
            && self.words[end..].iter().all(ends_weightless);
        let is_general = matches!(
            self.at(person),
            "кто-то"
                | "кого-то"
                | "team"
                | "staff"
                | "людей"
                | "сотрудников"
                | "мастер"
                | "мастера"
                | "старший"
                | "colleagues"
                | "employees"
                | "humans"
        );
        let is_counted = self
            .words
            .iter()
            .any(|word| matches!(word.as_str(), "one" | "and" | "i" | "вы"));
        if !is_alone
            || is_general
            || is_counted && self.words.len() > 2 && !self.words.iter().any(|word| word == "please")
        {
            return None;
        }
        let found = Found {
            from: person,
            to: end,
        };
        let denied = self.words[..person].iter().any(|word| is(Kind::Not, word));
        Some(match denied {
            true => Wish::NotNow(self.told(&found)),
            false => Wish::Person(self.told(&found)),
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
            || before.iter().any(|word| {
                matches!(
                    word.as_str(),
                    "if" | "если" | "when" | "обязательно" | "вакансия"
                )
            })
    }
}

/// A message in clauses of plain words.
fn clauses(message: &str) -> Vec<Clause> {
    let lower = message
        .to_lowercase()
        .replace('ё', "е")
        .replace(['\'', '’', '`'], "");
    let mut clauses = Vec::new();
    let mut words = 0;
    let sentences = lower.split_inclusive(['.', '!', '?', '\n', '…']);
    for sentence in sentences {
        let spaced = sentence.replace(" - ", ",");
        let parts = spaced.split([',', ';', ':', '—', '–', '(', ')', '"', '«', '»']);
        let mut found: Vec<Vec<String>> =
            parts.map(plain).filter(|part| !part.is_empty()).collect();
        let weighty = found
            .iter()
            .filter(|part| part.iter().any(|word| !is(Kind::Light, word)))
            .count();
        let is_part_of_question = sentence.trim_end().ends_with('?') && weighty > 1;
        for part in found.drain(..) {
            words += part.len();
            if words > MAX_WORDS {
                return clauses;
            }
            clauses.push(Clause {
                words: part,
                is_part_of_question,
            });
        }
    }
    clauses
}

/// The words of a clause, corrected, and joined where several are one.
fn plain(text: &str) -> Vec<String> {
    let words = text
        .split(|c: char| !(c.is_alphanumeric() || c == '-'))
        .map(|word| word.trim_matches('-'))
        .filter(|word| !word.is_empty());
    let mut joined = words.map(corrected).collect::<Vec<_>>().join(" ");
    for (several, one) in JOINED {
        joined = format!(" {joined} ")
            .replace(&format!(" {several} "), &format!(" {one} "))
            .trim()
            .to_owned();
    }
    joined.split_whitespace().map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_that_say_so_are_told() {
        assert_eq!(
            wish("Hello! My bike is broken, could you connect me with a real person please?"),
            Wish::Person("connect me with a real person".to_owned())
        );
        assert_eq!(
            wish("Не надо звать менеджера"),
            Wish::NotNow("звать менеджера".to_owned())
        );
        assert_eq!(wish("Where is the operator manual?"), Wish::None);
        assert_eq!(wish(""), Wish::None);
    }

    #[test]
    fn a_list_of_people_in_a_long_text_is_no_wish() {
        let text = "Our price list: one day in the tent, two days in the tent, and the extra services as they \
            are ordered: operator, manager, consultant.";
        assert_eq!(wish(text), Wish::None);
    }
}
