//! The words by which a wish for a person is told, English and Russian: in lowercase, `ё` as `е`, without
//! apostrophes, several words of one meaning joined by `_`.

use std::collections::HashSet;
use std::sync::LazyLock;

/// What a word is to the rules. A word may be several.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Who answers: `operator`, `человека`.
    Person,
    /// Whom nobody wants to talk to: `bot`.
    Machine,
    /// May stand between the words that matter, and beside a person alone.
    Light,
    /// To talk, to reach: `talk`, `связаться`.
    Talk,
    /// To connect: `transfer`, `переключите`.
    Send,
    /// To give, to call: `get`, `позовите`.
    Give,
    /// To want: `need`, `нужен`.
    Need,
    /// What a person should do: `help`, `ответит`.
    Reply,
    /// May follow a person whom somebody wants.
    Follow,
    /// May also follow one whom somebody talks to or is connected with: `manager of the shop`.
    FollowTalk,
    /// Denies.
    Not,
    /// May stand between a denial and what is denied.
    Denied,
}

/// True when a word is of a kind.
pub(super) fn is(kind: Kind, word: &str) -> bool {
    static KINDS: LazyLock<Vec<HashSet<&str>>> = LazyLock::new(|| {
        let all = [
            PERSON,
            MACHINE,
            LIGHT,
            TALK,
            SEND,
            GIVE,
            NEED,
            REPLY,
            FOLLOW,
            FOLLOW_TALK,
            NOT,
            DENIED,
        ];
        let words = all.iter().map(|list| list.split_whitespace().collect());
        words.collect()
    });
    KINDS[kind as usize].contains(word)
}

/// True when a word is one of a few, which stand in one text with spaces between.
pub(super) fn among(few: &str, word: &str) -> bool {
    few.split(' ').any(|one| one == word)
}

/// The word that was meant, when a known one is misspelt: one letter more, less, other or exchanged, two in long
/// words. Words that look like a known one and are another are left alone.
pub(super) fn corrected(word: &str) -> &str {
    static MEANT: LazyLock<Vec<(&str, usize)>> = LazyLock::new(|| {
        let meant = MISSPELT.split_whitespace();
        meant.map(|word| (word, word.chars().count())).collect()
    });
    static OTHER: LazyLock<HashSet<&str>> =
        LazyLock::new(|| LEFT_ALONE.split_whitespace().collect());
    let length = word.chars().count();
    let is_plural = word
        .strip_suffix('s')
        .is_some_and(|one| is(Kind::Person, one));
    if !(5..=16).contains(&length) || is_plural || OTHER.contains(word) || is_known(word) {
        return word;
    }
    for most in [1, 2] {
        for (meant, meant_length) in MEANT.iter() {
            let may = if *meant_length >= 8 { 2 } else { 1 };
            // Hardly anybody misses both the first letter and the last; most words are told apart by that.
            let has_an_end = word.chars().next() == meant.chars().next()
                || word.chars().next_back() == meant.chars().next_back();
            let is_near = has_an_end && length.abs_diff(*meant_length) <= most && most <= may;
            if is_near && edits(word, meant, most) {
                return meant;
            }
        }
    }
    word
}

fn is_known(word: &str) -> bool {
    use Kind::{Follow, FollowTalk, Give, Light, Machine, Need, Not, Person, Reply, Send, Talk};
    [
        Person, Machine, Light, Talk, Send, Give, Need, Reply, Follow, FollowTalk, Not,
    ]
    .iter()
    .any(|kind| is(*kind, word))
}

/// True when `word` becomes `meant` by at most `most` letters put in, left out, changed or exchanged.
fn edits(word: &str, meant: &str, most: usize) -> bool {
    let word: Vec<char> = word.chars().collect();
    let meant: Vec<char> = meant.chars().collect();
    let width = meant.len() + 1;
    let mut rows = vec![vec![0_usize; width]; word.len() + 1];
    for (column, cell) in rows[0].iter_mut().enumerate() {
        *cell = column;
    }
    for line in 1..=word.len() {
        rows[line][0] = line;
        for column in 1..width {
            let is_same = word[line - 1] == meant[column - 1];
            let mut least = rows[line - 1][column - 1] + usize::from(!is_same);
            least = least.min(rows[line - 1][column] + 1);
            least = least.min(rows[line][column - 1] + 1);
            let is_exchanged = line > 1
                && column > 1
                && word[line - 1] == meant[column - 2]
                && word[line - 2] == meant[column - 1];
            if is_exchanged {
                least = least.min(rows[line - 2][column - 2] + 1);
            }
            rows[line][column] = least;
        }
    }
    rows[word.len()][meant.len()] <= most
}

/// Words of several words, and how they are joined.
pub(super) const JOINED: &[(&str, &str)] = &[
    ("customer service", "customer_service"),
    ("customer support", "customer_service"),
    ("customer care", "customer_service"),
    ("client support", "customer_service"),
    ("tech support", "customer_service"),
    ("technical support", "customer_service"),
    ("support team", "customer_service"),
    ("sales team", "customer_service"),
    ("help desk", "customer_service"),
    ("call center", "customer_service"),
    ("call centre", "customer_service"),
    ("human being", "human"),
    ("human beings", "human"),
    ("real people", "human"),
    ("real humans", "human"),
    ("contact person", "contact_person"),
    ("служба поддержки", "поддержка"),
    ("службу поддержки", "поддержку"),
    ("службой поддержки", "поддержкой"),
    ("службе поддержки", "поддержке"),
    ("техническая поддержка", "поддержка"),
    ("технической поддержкой", "поддержкой"),
    ("кто нибудь", "кто-нибудь"),
    ("кого нибудь", "кого-нибудь"),
    ("кем нибудь", "кем-нибудь"),
    ("кому нибудь", "кому-нибудь"),
    ("кто то", "кто-то"),
    ("кем то", "кем-то"),
    ("кого то", "кого-то"),
    ("хотелось бы", "хотелось"),
    ("хотел бы", "хотел"),
    ("хотела бы", "хотела"),
    ("хотели бы", "хотели"),
];

/// In whichever case; plurals only where they mean any of them.
const PERSON: &str = "\
    human humans person operator agent manager supervisor representative rep reps consultant specialist adviser \
    advisor colleague colleagues employee employees staff team director boss somebody someone anyone anybody sb \
    sm1 smb customer_service support administrator \
    человек человека человеку человеком чел чела оператор оператора оператору оператором операторе менеджер \
    менеджера менеджеру менеджером сотрудник сотрудника сотруднику сотрудником консультант консультанта \
    консультанту консультантом специалист специалиста специалисту специалистом агент агента агенту агентом \
    руководитель руководителя руководителю руководителем директор директора директору директором начальник \
    начальника начальнику начальником старший старшего старшему старшим администратор администратора \
    администратору администратором мастер мастера мастеру мастером \
    кто-нибудь кого-нибудь кем-нибудь кому-нибудь кто-то кем-то кого-то кого-либо кем-либо \
    поддержка поддержку поддержкой поддержке сотрудников людей";

const MACHINE: &str = "\
    bot bots robot robots machine machines chatbot chatbots ai automat \
    бот бота боту ботом ботами роботом роботами робот робота роботу машиной машина машине автоответчиком \
    автоответчик автоответчика";

const LIGHT: &str = "\
    a an the to with through over onto on of your you u me us this it my question chat case issue request i we \
    please pls plz just directly now some any real live living actual proper senior qualified member from one \
    sales hi hello hey ok okay so and then urgently asap immediately here there also still really want would \
    like id kindly right today instead again help assistance assist not already finally somehow anywhere \
    answer yes \
    меня мне мой мою мое мои нам нас с со на к в у от из до ваш вашего вашим вашему вашими ваших вашей любого \
    любым любому какого-нибудь каким-нибудь живой живого живому живым живые живых реальный реального реальным \
    реальному настоящий настоящего настоящим настоящему нормальный нормального нормальным обычным обычного \
    свободный свободного свободным дежурного дежурному дежурным главного главному главным пожалуйста пожалуста \
    плиз пж пжл прошу срочно сейчас уже скорее быстрее ну а и да же бы ка все-таки все лучше просто еще это \
    этот эту вопрос сообщение обращение разговор диалог чат помощь консультация консультацию кем кого \
    здравствуйте привет добрый день вечер алло ало эй можно нужно надо тут здесь сюда там связь линию очень \
    мне-то наконец сразу либо я мы вы вас";

const TALK: &str = "\
    talk speak chat tlk communicate contact reach touch hold converse \
    поговорить говорить пообщаться общаться разговаривать побеседовать беседовать переговорить связаться \
    дозвониться достучаться позвонить написать обратиться проконсультироваться переписываться";

const SEND: &str = "\
    connect transfer switch put forward escalate redirect hand pass refer route \
    соедините соедини соединить соединяйте свяжите свяжи переключите переключи переключить переключайте \
    переведите переведи перевести переводите подключите подключи подключить подключайте перенаправьте \
    перенаправить передайте передай";

const GIVE: &str = "\
    get give gimme call bring find fetch summon invite request demand ask let have tell \
    позовите позови позвать зовите зови звать пригласите пригласи пригласить вызовите вызови вызвать дайте дай \
    давайте давай попросите попроси найдите пришлите подзовите требую прошу напишите позвоните";

const NEED: &str = "\
    need want wish like rather require prefer wanna \
    нужен нужна нужно нужны надо хочу хотел хотела хотели хотим хотелось хочется необходим требуется";

const REPLY: &str = "\
    help helps call contact answer reply respond write message phone ring reach assist join email text explain \
    get speak talk chat callback \
    помочь поможет ответить ответит ответил ответила ответьте отзовитесь помогите позвонит перезвонит \
    перезвонить позвонить позвонил перезвонил напишет написать написал свяжется связаться связался свяжитесь \
    объяснит объяснить поговорит поговорить подключится подключиться отвечает отвечал прокомментирует";

const FOLLOW: &str = "\
    please pls plz now here asap immediately urgently today instead right who that because and but not so about \
    real regarding concerning thanks thank already rather directly again then as if or via by quickly \
    пожалуйста пожалуста плиз пж срочно сейчас уже а не но и или чтобы чтоб который которая здесь тут сюда в \
    на по насчет так потому бот мне нужен надо нужно можно пусть спасибо скорее быстрее поддержки отдела а-то \
    есть ли сам лучше";

const FOLLOW_TALK: &str = "\
    of in at for from on to with can could i we they there what when how why \
    из с со о об про у от до для вашей вашего магазина склада компании салона доставки продаж насчет";

const NOT: &str = "\
    not dont doesnt didnt no never without wont cannot neither \
    не без нет ни незачем";

const DENIED: &str = "\
    need to want have wish like rather you i we please me us for any a an the mind would just do ever \
    надо нужно стоит хочу хочется хотел хотела прошу мне меня вам вас пожалуйста пока больше уже и мы я нужен \
    нужна бы";

/// Words that are worth correcting.
const MISSPELT: &str = "\
    human person operator manager supervisor representative consultant specialist somebody someone connect \
    transfer \
    человек человека человеком оператор оператора оператору оператором менеджер менеджера менеджером менеджеру \
    сотрудник сотрудника сотрудником консультант консультанта консультантом специалист специалиста \
    специалистом соедините позовите переключите свяжите поговорить пообщаться пригласите подключите \
    пожалуйста";

/// Words that are near one of those and mean something else.
const LEFT_ALONE: &str = "\
    manage managed manages humane humans human's persons persona personal operate operated operates operation \
    operators managers opener connected connects connector transferred transfers specialists specialty \
    consultants someones homan roman woman women reason season prison \
    операторы операторов операторам операторами операторской кинооператор туроператор туроператора \
    видеооператор видеооператора радиооператор менеджеры менеджеров менеджерам менеджмент сотрудники \
    сотрудникам сотрудница сотрудницы консультанты консультантов консультация консультации консультацию \
    специалисты специалистов специалистам специальности человеческий человечек человечка назовите отключите \
    включите выключите соединитель соединители отпустите отключить";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_word_is_the_nearest_known_one() {
        for (word, meant) in [
            ("humna", "human"),
            ("oprator", "operator"),
            ("аператор", "оператор"),
            ("апператора", "оператора"),
            ("соедените", "соедините"),
        ] {
            assert_eq!(corrected(word), meant);
        }
        for other in [
            "manage",
            "operators",
            "назовите",
            "операторов",
            "roman",
            "bot",
        ] {
            assert_eq!(corrected(other), other);
        }
    }
}
