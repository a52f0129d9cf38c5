//! `chatai simulate`: what customers and operators get, in the terminal, without a token and without a network.

use std::fs;

use crate::program::Program;

/// The demo company, read.
fn with_demo() -> Program {
    let program = Program::new();
    program.run(&["demo", "--only"]).ended_with(0);
    program
}

const QUESTION: &str = "How long does it take to charge the Pine S2?";

#[test]
fn a_question_is_answered_and_its_button_shows_the_page_that_proves_it() {
    let program = with_demo();
    let typed = format!("{QUESTION}\n1\n/quit\n");
    let simulate = ["simulate", "--assistant", "Piney"];
    let ran = program.run_with(&simulate, &typed).ended_with(0);
    let told = ran.text();
    let (answer, proof) = told.split_once("Sources\n").unwrap_or_else(|| {
        panic!("no button of sources:\n{told}\n{}", ran.complaint());
    });
    assert!(answer.contains("six and a half hours"), "{told}");
    assert!(proof.contains("owner's manual, p. 3"), "{told}");
    // Nothing of it stays: neither the bot nor what was said.
    let bots = program.run(&["bots", "list", "--json"]).ended_with(0);
    assert_eq!(bots.json(), serde_json::json!([]));
}

#[test]
fn a_customer_gets_a_person_and_the_operator_speaks_to_that_customer_only() {
    let program = with_demo();
    let picture = program.beside("receipt.txt");
    fs::write(&picture, "two new tyres").unwrap();
    let typed = format!(
        "/as Ivan\nI want to talk to a human agent\n/operator\nHello Ivan, how can I help?\n/as Maria\n{QUESTION}\n\
         /as Ivan\n/file {}\n",
        picture.display()
    );
    let ran = program.run_with(&["simulate", "--assistant", "Piney"], &typed);
    let ran = ran.ended_with(0);
    let told = ran.text();
    assert!(
        told.contains("bot: Hello Ivan, how can I help?"),
        "{told}\n{}",
        ran.complaint()
    );
    assert!(!told.contains("[Maria] bot: Hello Ivan"), "{told}");
    assert!(
        told.contains("six and a half hours"),
        "Maria is answered: {told}"
    );
    assert!(
        told.contains("receipt.txt"),
        "the operators get the file: {told}"
    );
}

#[test]
fn in_a_group_the_bot_answers_who_names_it() {
    let program = with_demo();
    let typed = format!("/group\n{QUESTION}\n@chatai_simulator_bot {QUESTION}\n");
    let ran = program.run_with(&["simulate", "--assistant", "Piney"], &typed);
    let told = ran.ended_with(0).text();
    let answers = told.matches("six and a half hours").count();
    assert_eq!(answers, 1, "{told}");
}
