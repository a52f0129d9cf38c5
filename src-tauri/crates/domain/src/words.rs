//! Words of English and Russian that say little: what every text has, and what people ask with whatever it is.
//!
//! One list for finding, for quoting and for follow-ups, so that they agree on what a question is about. Words
//! are given in lowercase, `ё` as `е`. Not here: cutting a text into words and stemming them (`search`, `engine`).

use std::collections::HashSet;
use std::sync::LazyLock;

/// True for articles, pronouns, question words, auxiliaries and politeness: words that every text has.
pub fn says_nothing(word: &str) -> bool {
    static KNOWN: LazyLock<HashSet<&str>> = LazyLock::new(|| EMPTY.split(' ').collect());
    KNOWN.contains(word)
}

/// True for words with which people ask, whatever it is they ask about (`cost`, `стоит`).
pub fn only_asks(word: &str) -> bool {
    static KNOWN: LazyLock<HashSet<&str>> = LazyLock::new(|| ASKING.split(' ').collect());
    KNOWN.contains(word)
}

const EMPTY: &str = "\
    a about am an and any are as at be been but by can could did didn do does doesn don for from get got \
    had has have hello hey hi how i if im in into is isn it its ive just ll many may me much my of on or \
    our please re shall should so some such tell than thanks that the their them then there these they \
    this those to us ve was we were what whats when where which who whom whose why will with won would \
    you your \
    а без буду бы был была были было быть в вам вами вас ваш ваша ваше вашего вашей вашем ваши ваших \
    вашу во вот все всех вы где да для до его ее если есть еще же за зачем здравствуйте и из или им их к \
    как какая какие каким каких каков какова каковы какое какой каком какую кем ко когда кого которая \
    которое которые который кто куда ли либо лишь меня мне мое моего мои мой моя мы на над нам нас наш \
    наша наши не него ней нет ни них но ну о об он она они оно от откуда по под подскажите пожалуйста \
    почему при привет про с сам свой себя скажите сколько со так также такой там те тем то того тоже той \
    только том тот ты у уже чего чей чем что чтобы эта эти это этого этой этом этот я";

const ASKING: &str = "\
    able after allowed also anything back before big charge cost costs day days else far fast find give \
    happen happens help hour hours know large let like long make mean means need needs no not now off \
    offer offers often one open out pay possible possibly price priced prices quickly recommend same \
    sell show shows somebody someone something soon still take takes time today up use want while work \
    works year years \
    больше будет будут бывает бывают быстро взять вообще времени время год года дает даете дать делать \
    день дней дни дня долго должен должна должно должны другая другие другой ей ему ждать значит имеется \
    имеются какими какого какому лет меньше могу можем может можете можно надо нельзя нужен нужна нужно \
    нужны означает после почем предлагаете продаете продаются работает работаете сделать сегодня сейчас \
    стоимость стоит стоить стоят узнать хотел хочу цена цену цены час часа часов часто чему через";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_question_is_about_is_in_neither_list() {
        let words = "how much does the delivery cost сколько стоит доставка";
        let about: Vec<&str> = words
            .split(' ')
            .filter(|word| !says_nothing(word) && !only_asks(word))
            .collect();
        assert_eq!(about, ["delivery", "доставка"]);
    }

    #[test]
    fn no_word_is_in_both_lists() {
        let both: Vec<&str> = EMPTY.split(' ').filter(|word| only_asks(word)).collect();
        assert!(both.is_empty(), "{both:?}");
    }
}
