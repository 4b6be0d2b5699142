//! The second pass: made of a first, a lesson like any, and marked by the run.

use lessons::again::{SUFFIX, second_pass};
use lessons::check::check;
use lessons::{Act, Files, Player, Shows, content, load};
use stack::words::Lang;

fn handshake() -> Files {
    content::named("handshake").expect("the lesson ships")
}

/// The handshake with other calls.
fn with_calls(calls: &[&str]) -> Files {
    let mut files = handshake();
    let (_, text) = files.files.iter_mut().find(|(name, _)| name == "lesson.toml").expect("it is there");
    let (before, rest) = text.split_once("calls   = [").expect("it has calls");
    let (_, after) = rest.split_once("]\n").expect("they end");
    *text = format!("{before}calls = {calls:?}\n{after}");
    files
}

#[test]
fn every_lesson_that_names_calls_has_a_second_pass_that_passes() {
    let mut passes = 0;
    for files in content::all() {
        let Some(second) = second_pass(&files).unwrap_or_else(|problems| panic!("{}: {problems:?}", files.folder))
        else {
            continue;
        };
        passes += 1;
        let report = check(&second);
        let problems: Vec<String> = report.problems.iter().map(ToString::to_string).collect();
        assert!(
            report.passed(),
            "{}:\n{}\n{}",
            second.folder,
            problems.join("\n"),
            second.text("lesson.toml").unwrap()
        );
        let calls = load(&files, 1).expect("it is read").calls.len();
        assert_eq!((report.questions, report.beats), (calls - 1, calls));
        // It is found by every name of the first, and has none of its own.
        let lesson = load(&second, 1).expect("it is read");
        assert_eq!(content::named(&lesson.id), Some(second.clone()));
        assert_eq!(content::named(&second.folder), Some(second.clone()));
        assert_eq!(second_pass(&second), Ok(None));
        assert!(content::named(&format!("{}{SUFFIX}", lesson.id)).is_none());
    }
    assert!(passes >= 2, "{passes}");
}

#[test]
fn the_run_marks_which_function_comes_next_and_in_which_order() {
    let second = content::named("handshake-again").expect("it has one");
    let mut player = Player::open(second, 7).expect("it is played");
    let mut asked = Vec::new();
    while let Shows::Question(question) = player.view(Lang::En).shows {
        assert!(!question.options.iter().any(|option| option.starts_with("`")), "{:?}", question.options);
        player.act(Act::Choose(0));
        player.act(Act::Certainty(1));
        assert!(player.act(Act::Answer));
        let Shows::Verdict(verdict) = player.view(Lang::En).shows else { panic!("no verdict") };
        assert!(verdict.evidence[0].text.contains("enter"), "{:?}", verdict.evidence);
        asked.push(verdict.truth.text);
        player.act(Act::Next);
    }
    let names: Vec<&str> = asked.iter().map(|told| told.split(':').next().unwrap()).collect();
    assert_eq!(names, ["arp_find on A", "get_sock on B", "tcp_conn_request on B", "tcp_ack on A", "tcp_ack on B"]);
    assert!(asked[2].ends_with("a SYN has come to a listener"), "the caption's first clause: {asked:?}");
    player.act(Act::Answer);
    let Shows::Ranking(ranking) = player.view(Lang::Zh).shows else { panic!("no order") };
    assert!(ranking.truth[0].starts_with("A 上的 tcp_connect：") && ranking.truth[5].starts_with("B 上的 tcp_ack"));
}

#[test]
fn panes_that_name_functions_are_closed_while_one_is_asked_for() {
    let second = load(&content::named("gate-again").expect("it has one"), 1).expect("it is read");
    let told: Vec<&str> = second.beats[0].closed.iter().map(|pane| pane.id()).collect();
    assert_eq!(told, ["code", "stack", "path", "outline"]);
    assert!(second.panes.len() >= 2 && second.panes.iter().all(|pane| !second.beats[0].closed.contains(pane)));
}

#[test]
fn a_function_that_is_entered_on_the_way_too_is_no_option() {
    // net_bh of A runs between arp_find and the ACK, for the answer to the ARP request.
    let calls =
        ["A: enter tcp_connect", "A: enter arp_find", "A: enter tcp_ack", "A: enter tcp_data", "A: enter net_bh #3"];
    let files = with_calls(&calls);
    let second = second_pass(&files).expect("it copes").expect("there are calls");
    let toml = second.text("lesson.toml").expect("it is there");
    let question =
        |id: &str| toml.split("[[beat]]").find(|beat| beat.contains(&format!("id = \"{id}\""))).unwrap_or("");
    assert!(question("call-2").contains("A: enter net_bh\""), "before arp_find it has not run: {toml}");
    assert!(!question("call-3").contains("A: enter net_bh\""), "it would be right beside tcp_ack: {toml}");
    assert!(toml.contains("id = \"5\", at = \"A: enter net_bh #3\""), "the order means the third: {toml}");
    let report = check(&files);
    assert!(report.passed(), "{:?}", report.problems);
}
