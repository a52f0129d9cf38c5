//! What kind of thing a question asks for, and whether a sentence holds such a thing.

/// Kinds of thing that can be recognised in a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cue {
    /// How much money.
    Price,
    /// How many.
    Number,
    /// When: hours, days, dates.
    Time,
    /// How long.
    Duration,
    /// Where: an address.
    Place,
    /// A telephone number.
    Phone,
    /// An e-mail address.
    Email,
    /// A page on the web.
    Site,
}

/// What the question asks for; several where it can be read in more than one way.
pub(super) fn wanted(question: &str) -> Vec<Cue> {
    let question = format!(" {} ", plain(question));
    let mut cues = Vec::new();
    for (cue, beginnings) in ASKED {
        if beginnings.iter().any(|words| question.contains(words)) {
            cues.push(*cue);
        }
    }
    cues
}

/// True when the sentence holds what `cue` asks for.
pub(super) fn holds(sentence: &str, cue: Cue) -> bool {
    let lower = plain(sentence);
    let has_digit = has_number(&lower);
    let has = |words: &[&str]| {
        let padded = format!(" {lower}");
        words.iter().any(|word| padded.contains(word))
    };
    match cue {
        Cue::Price => (has_digit && has(MONEY)) || has(FREE),
        Cue::Number => has_digit || has(NUMBER_WORDS),
        Cue::Time => {
            (has_digit && (has_clock(&lower) || has(DATES)))
                || has(WEEKDAYS)
                || holds(sentence, Cue::Duration)
        }
        Cue::Duration => has(DURATIONS) && (has_digit || has(NUMBER_WORDS)),
        Cue::Place => has(PLACES),
        Cue::Phone => longest_number(&lower) >= 7,
        Cue::Email => sentence.contains('@'),
        Cue::Site => has(&["http://", "https://", "www."]),
    }
}

fn plain(text: &str) -> String {
    text.to_lowercase().replace('ё', "е")
}

/// True when a word begins with a digit: a number, not a code such as `S2`.
fn has_number(lower: &str) -> bool {
    lower
        .split(|c: char| !c.is_alphanumeric())
        .any(|word| word.starts_with(|c: char| c.is_ascii_digit()))
}

fn has_clock(lower: &str) -> bool {
    let bytes = lower.as_bytes();
    let with_colon = bytes.windows(4).any(|w| {
        w[0].is_ascii_digit() && w[1] == b':' && w[2].is_ascii_digit() && w[3].is_ascii_digit()
    });
    with_colon || lower.contains(" am") || lower.contains(" pm") || lower.contains(" часов")
}

/// Most digits in a row, with the marks people put into telephone numbers between them.
fn longest_number(text: &str) -> usize {
    let mut longest = 0;
    let mut digits = 0;
    for c in text.chars() {
        match c {
            '0'..='9' => digits += 1,
            ' ' | '-' | '(' | ')' | '+' | '\u{a0}' | '–' => {}
            _ => digits = 0,
        }
        longest = longest.max(digits);
    }
    longest
}

const ASKED: &[(Cue, &[&str])] = &[
    (
        Cue::Price,
        &[
            "how much",
            "price",
            " cost",
            " fee",
            "expensive",
            "cheap",
            "сколько стоит",
            "сколько стоят",
            "сколько будет стоить",
            "цена",
            "цену",
            "цены",
            "стоимость",
            "почем",
            "по чем",
            "тариф",
            "платн",
        ],
    ),
    (
        Cue::Number,
        &[
            "how many",
            "how much",
            "how old",
            "how far",
            "how big",
            "how large",
            "what percentage",
            "how often",
            "how heavy",
            "how high",
            "how fast",
            "weight",
            "maximum",
            "minimum",
            " speed",
            "pressure",
            "what size",
            "which size",
            "сколько",
            "какой процент",
            "как часто",
            "какой вес",
            "максимальн",
            "минимальн",
            "скорост",
            "давлени",
            "мощност",
            "размер",
            "какой залог",
            "какая сумма",
        ],
    ),
    (
        Cue::Time,
        &[
            " when ",
            "what time",
            "what day",
            "opening hours",
            "working hours",
            " hours ",
            "what year",
            "which year",
            "когда",
            "во сколько",
            "до скольки",
            "со скольки",
            "график",
            "режим работы",
            "в каком году",
            "часы работы",
            "работаете",
            "до которого часа",
            "are you open",
            "do you open",
            "do you close",
        ],
    ),
    (
        Cue::Duration,
        &[
            "how long",
            "how soon",
            "how fast",
            "how quickly",
            "how many days",
            "how many hours",
            "deadline",
            "как долго",
            "сколько времени",
            "сколько дней",
            "как быстро",
            "срок",
            "через сколько",
            "сколько часов",
            "сколько идет",
            "за сколько",
        ],
    ),
    (
        Cue::Place,
        &[
            " where ",
            "address",
            "located",
            "location",
            " где ",
            "адрес",
            " куда ",
            "находит",
            "расположен",
        ],
    ),
    (
        Cue::Phone,
        &[
            "phone",
            " call you",
            "telephone",
            "телефон",
            "номер для связи",
            "позвонить",
        ],
    ),
    (
        Cue::Email,
        &["e-mail", "email", " mail ", "почт", "имейл", "емейл"],
    ),
    (
        Cue::Site,
        &["website", " site ", " link ", " url ", "сайт", "ссылк"],
    ),
];

const MONEY: &[&str] = &[
    "$",
    "€",
    "£",
    "₽",
    "руб",
    " р.",
    "usd",
    "eur",
    "dollar",
    "euro",
    "rub",
    "cent",
    "price",
    "cost",
    "цен",
    "стоим",
    "стоит",
    "%",
    "₸",
    "₴",
    "тенге",
];
const FREE: &[&str] = &[
    " free",
    "бесплатн",
    "no charge",
    "no extra c",
    "without charge",
];
const DATES: &[&str] = &[
    " jan",
    " feb",
    " mar",
    " apr",
    " may",
    " jun",
    " jul",
    " aug",
    " sep",
    " oct",
    " nov",
    " dec",
    "январ",
    "феврал",
    "март",
    "апрел",
    " мая",
    " июн",
    " июл",
    "август",
    "сентябр",
    "октябр",
    "ноябр",
    "декабр",
    " 19",
    " 20",
    "день",
    "дня",
    "дней",
    " day",
    "hour",
    "час",
    "year",
    "год",
];
const WEEKDAYS: &[&str] = &[
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "weekday",
    "weekend",
    "понедельник",
    "вторник",
    "сред",
    "четверг",
    "пятниц",
    "суббот",
    "воскресень",
    "будн",
    "выходн",
    "пн",
    "ежедневно",
    "круглосуточно",
    "daily",
    "every day",
    "around the clock",
];
const DURATIONS: &[&str] = &[
    "minute",
    "hour",
    " day",
    "week",
    "month",
    "year",
    "second",
    "минут",
    "час",
    "день",
    "дня",
    "дней",
    "недел",
    "месяц",
    "год",
    " лет",
    "сут",
    "секунд",
];
const NUMBER_WORDS: &[&str] = &[
    " one",
    " two",
    " three",
    " four",
    " five",
    " six",
    " seven",
    " eight",
    " nine",
    " ten",
    " half",
    " twice",
    "same day",
    "next day",
    "один",
    "два",
    "две",
    "три",
    "четыр",
    "пять",
    "пяти",
    "шест",
    "семь",
    "семи",
    "восемь",
    "девят",
    "десят",
    "одного",
    "двух",
    "в тот же день",
    "на следующий",
    "within a",
    "в течение",
];
const PLACES: &[&str] = &[
    "street",
    " st.",
    " road",
    "avenue",
    "square",
    "address",
    "located",
    "floor",
    "building",
    "city",
    " at ",
    " in ",
    "улиц",
    " ул.",
    "проспект",
    " пр.",
    "площад",
    " пл.",
    " дом ",
    " д.",
    "адрес",
    "наход",
    "этаж",
    "метро",
    " г.",
    "город",
    " офис",
    "склад",
    "переул",
    "шоссе",
    "наб.",
    " в ",
    " на ",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_asks_for_a_kind_of_thing() {
        assert_eq!(wanted("How long does it take?"), [Cue::Duration]);
        assert_eq!(wanted("Где вы находитесь?"), [Cue::Place]);
        assert!(wanted("Сколько стоит доставка?").contains(&Cue::Price));
        assert_eq!(wanted("Do you sell gift cards?"), []);
    }

    #[test]
    fn a_sentence_holds_it_or_not() {
        assert!(holds("Доставка стоит 300 ₽.", Cue::Price));
        assert!(holds("Delivery is free.", Cue::Price));
        assert!(!holds("We have 3 shops.", Cue::Price));
        assert!(holds("Звоните: +7 (495) 123-45-67", Cue::Phone));
        assert!(!holds("Order 12345 came.", Cue::Phone));
        assert!(holds("Open Mon–Sat, 9:00–18:00.", Cue::Time));
        assert!(holds("It takes three days.", Cue::Duration));
    }
}
