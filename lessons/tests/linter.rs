//! Broken lessons: each break is found, in the right file and line, with a sentence that says what to do.

use lessons::check::road::{Edge, held, road};
use lessons::check::{Report, check, check_own};
use lessons::{Files, content, load};
use stack::lab::movement::Direction;
use stack::lab::query::{Place, find, reach};
use stack::lab::run::Moment;

fn handshake() -> Files {
    content::named("handshake").expect("the lesson ships")
}

/// The lesson with one text replaced in one file; the text must be there.
fn broken(file: &str, from: &str, to: &str) -> Report {
    let mut files = handshake();
    let (_, text) = files.files.iter_mut().find(|(name, _)| name == file).expect("the file is part of the lesson");
    assert!(text.contains(from), "{file} does not contain {from:?}");
    *text = text.replacen(from, to, 1);
    check(&files)
}

fn line_of(file: &str, part: &str) -> usize {
    let files = handshake();
    let text = files.text(file).expect("the file is part of the lesson");
    text.lines().position(|line| line.contains(part)).unwrap_or_else(|| panic!("{file} has no line with {part:?}")) + 1
}

#[track_caller]
fn finds(report: &Report, file: &str, line: usize, part: &str) {
    let found = report.problems.iter().any(|problem| {
        problem.file == file && (line == 0 || problem.line == line) && problem.message.en.contains(part)
    });
    let all: Vec<String> = report.problems.iter().map(ToString::to_string).collect();
    assert!(found, "no problem {file}:{line} with {part:?} in:\n{}", all.join("\n"));
    for problem in &report.problems {
        assert_ne!(problem.message.en, problem.message.zh, "{problem}");
        assert!(problem.message.zh.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)), "{}", problem.message.zh);
    }
}

#[test]
fn a_wrong_predicate_leaves_no_true_option() {
    let report = broken(
        "lesson.toml",
        "B.sock(4).state == SYN_RECV && B.sock(2).state == LISTEN",
        "B.sock(4).state == SYN_SENT",
    );
    finds(&report, "lesson.toml", line_of("lesson.toml", "\"who-moves\""), "no option holds");
}

#[test]
fn two_true_options_are_one_too_many() {
    let report = broken("lesson.toml", "when = \"!B.sock(4)\"", "when = \"B.sock(4)\"");
    finds(&report, "lesson.toml", line_of("lesson.toml", "\"who-moves\""), "b and d all hold");
}

#[test]
fn a_place_that_is_never_reached_is_named() {
    let report =
        broken("lesson.toml", "at       = \"B: enter tcp_conn_request\"", "at       = \"B: enter tcp_listen_request\"");
    finds(
        &report,
        "lesson.toml",
        line_of("lesson.toml", "\"who-moves\""),
        "\"B: enter tcp_listen_request\" is never reached",
    );
}

#[test]
fn a_wrong_option_names_its_misconception() {
    let report = broken("lesson.toml", ", misconception = \"accept-sends\"", "");
    finds(&report, "lesson.toml", line_of("lesson.toml", "accept-sends"), "names no misconception");
    let report = broken("lesson.toml", "never = \"B sends\" }", "never = \"B sends\", misconception = \"none\" }");
    finds(&report, "lesson.toml", 0, "holds in the run and yet names a misconception");
    let report = broken("lesson.toml", "\"accept-sends\"", "\"listener-is-handed-over\"");
    finds(&report, "lesson.toml", line_of("lesson.toml", "accept-sends"), "the same misconception");
}

#[test]
fn unknown_keys_are_refused_with_their_place() {
    let report = broken("lesson.toml", "minutes = 10", "minuets = 10");
    finds(&report, "lesson.toml", line_of("lesson.toml", "minutes = 10"), "unknown field `minuets`");
    let report = broken("lesson.toml", "hide     = \"future\"", "conceal  = \"future\"");
    finds(&report, "lesson.toml", line_of("lesson.toml", "hide     ="), "unknown field `conceal`");
    let report = broken("lesson.toml", "schema  = 1", "schema  = 2");
    finds(&report, "lesson.toml", line_of("lesson.toml", "schema"), "schema 2 is not known");
    let report = broken("lesson.toml", "kind = \"show\"", "kind = \"tell\"");
    finds(&report, "lesson.toml", line_of("lesson.toml", "kind = \"show\""), "unknown variant `tell`");
}

#[test]
fn panes_are_known_by_name_and_closed_where_they_tell() {
    let report = broken("lesson.toml", "pane  = \"queues\"", "pane  = \"qeues\"");
    finds(
        &report,
        "lesson.toml",
        line_of("lesson.toml", "pane  = \"queues\""),
        "no pane is called \"qeues\"; there are code, sock",
    );
    let report = broken("lesson.toml", "closed   = [\"code\"]", "closed   = [\"source\"]");
    finds(&report, "lesson.toml", line_of("lesson.toml", "closed"), "no pane is called \"source\"");
    let report = broken("lesson.toml", "closed   = [\"code\"]", "closed   = [\"code\", \"socks\"]");
    finds(&report, "lesson.toml", line_of("lesson.toml", "closed") - 1, "the pane socks is in `closed` too");
    let report = broken("lesson.toml", "closed   = [\"code\"]", "");
    let part = "the code pane shows tcp_conn_request, which settles the question (stack/src/net/inet/tcp_listen.rs:";
    finds(&report, "lesson.toml", line_of("lesson.toml", "\"who-moves\""), part);
    let report = broken("lesson.toml", "sock = 2\nat   = \"mark ready\"", "closed = [\"code\"]\nat   = \"mark ready\"");
    finds(&report, "lesson.toml", line_of("lesson.toml", "\"before\""), "`closed` has no meaning");
}

#[test]
fn a_slip_in_an_expression_is_shown_at_its_column() {
    let report = broken("lesson.toml", "B.sock(2).receive_queue[0].sk == 4", "B.sock(2).recieve_queue[0].sk == 4");
    finds(&report, "lesson.toml", line_of("lesson.toml", "receive_queue[0]"), "did you mean receive_queue?");
    let problem = &report.problems[0];
    // `  { id = "b", when = "` is 22 characters wide, `B.sock(2).` ten.
    assert_eq!(problem.column, 33, "{problem}");
    let report = broken("lesson.toml", "A: state CLOSE->SYN_SENT", "C: state CLOSE->SYN_SENT");
    finds(&report, "lesson.toml", line_of("lesson.toml", "A: state CLOSE->SYN_SENT"), "is no host of this scene");
}

#[test]
fn the_answer_lies_in_the_future() {
    let report =
        broken("lesson.toml", "at       = \"B: enter tcp_conn_request\"", "at       = \"B: leave tcp_conn_request\"");
    finds(&report, "lesson.toml", line_of("lesson.toml", "\"who-moves\""), "does not lie in the future");
    finds(&report, "lesson.toml", line_of("lesson.toml", "\"who-moves\""), "holds before the reveal already");
    let report = broken("lesson.toml", "hide     = \"future\"\n", "");
    finds(&report, "lesson.toml", 0, "a question hides what is to come");
    let report = broken("lesson.toml", "until    = \"B: return accept\"\n", "");
    finds(&report, "lesson.toml", 0, "a question needs `until`");
}

#[test]
fn evidence_must_be_found() {
    let report = broken("lesson.toml", "[\"B.sock(4)\", \"B.sock(4).state == SYN_RECV\"]", "[\"B.sock(9)\"]");
    finds(&report, "lesson.toml", line_of("lesson.toml", "\"who-moves\""), "no step settles the question");
}

#[test]
fn tasks_can_be_done_and_are_not_done_already() {
    let goal = "goal  = \"B.sock(2).receive_queue.len > 0 || B.sock(4).receive_queue.len > 0\"";
    let report = broken("lesson.toml", goal, "goal  = \"B.sock(4)\"");
    finds(&report, "lesson.toml", line_of("lesson.toml", "\"where-it-waits\""), "holds at the beginning already");
    let report = broken("lesson.toml", goal, "goal  = \"B.sock(4).state == ESTABLISHED\"");
    finds(&report, "lesson.toml", line_of("lesson.toml", "\"where-it-waits\""), "no moment that may be seen");
    let report = broken("lesson.toml", "A.sock(2).retransmits > 5", "A.sock(2).retransmits > 4");
    finds(&report, "lesson.toml", line_of("lesson.toml", "\"lose-it\""), "reached without any change");
    let report = broken("lesson.toml", "[\"drop 3\"]", "[\"drop 9\"]");
    finds(&report, "lesson.toml", line_of("lesson.toml", "\"lose-it\""), "does not reach the goal");
    let report = broken("lesson.toml", "[\"drop 3\"]", "[\"delay 3 500\"]");
    finds(&report, "lesson.toml", 0, "does not allow that change");
    let report = broken("lesson.toml", "at = \"B: state SYN_RECV->ESTABLISHED\" }", "at = \"B: return connect\" }");
    finds(&report, "lesson.toml", line_of("lesson.toml", "\"road\""), "the step b-established has not been reached");
}

#[test]
fn everything_that_is_shown_at_once_fits_on_a_page() {
    let report = broken(
        "en.md",
        "a new sock is made in `ESTABLISHED`: B has said yes",
        &format!("a new sock in `ESTABLISHED`{}", " or something of that kind".repeat(5)),
    );
    finds(
        &report,
        "en.md",
        line_of("en.md", "What does B do with its socks?") - 1,
        "narration and question with all below it takes 9 rows",
    );
    let report = broken(
        "en.md",
        "Look at sk#2 in the list of socks, and think of a second caller.",
        &"Look at sk#2 in the list of socks. ".repeat(8).trim_end().replace(". L", ".\nL"),
    );
    finds(
        &report,
        "en.md",
        line_of("en.md", "Look at sk#2 in the list of socks") - 1,
        "the question with hint 1 above it takes",
    );
    let report = broken(
        "en.md",
        "`LISTEN` before, during and after.",
        &"`LISTEN` before, during and after, as every listener is at all times.\n".repeat(4),
    );
    finds(&report, "en.md", line_of("en.md", "### reply a"), "the answer a with its reply and evidence takes 9 rows");
    let report = broken(
        "zh.md",
        "监听者必须继续监听，所以不能变成连接。",
        &"监听者必须继续监听，所以不能变成连接，内存又很贵，代价就显出来了。\n".repeat(10),
    );
    finds(&report, "zh.md", line_of("zh.md", "### why"), "the why takes");
    let report = broken(
        "zh.md",
        "退回到这样的一步：",
        &"退回到这样的一步，再退回到前一步，然后又往前走回到这一步来。\n".repeat(7),
    );
    finds(&report, "zh.md", 0, "beat woken-too-early: narration and question");
    let report = broken(
        "en.md",
        "the SYN joins the `receive_queue` of sk#2",
        "the SYN joins the `receive_queue` of the listening sock, sk#2, at its end",
    );
    finds(&report, "en.md", line_of("en.md", "### step queued"), "a step is one row of at most 66 cells");
    let report = broken(
        "en.md",
        "A state is stored before its segment leaves.",
        "A state is stored before its segment leaves, on either host, in every case, and whatever happens on the wire, even where the frame is lost or comes late.\n",
    );
    finds(&report, "en.md", 0, "hint 2 with the steps below it takes");
}

#[test]
fn what_belongs_to_a_lesson_is_known() {
    let report = broken("lesson.toml", "chapter = \"handshake\"", "chapter = \"hands\"");
    finds(
        &report,
        "lesson.toml",
        line_of("lesson.toml", "chapter ="),
        "there is no such chapter; there are calls, handshake",
    );
    let report = broken("lesson.toml", "needs   = [\"gate\"]", "needs   = [\"The gate\"]");
    finds(&report, "lesson.toml", line_of("lesson.toml", "needs "), "`needs` names lessons by their ids");
    let report = broken("lesson.toml", "\"tcp_conn_request\", ", "\"tcp_con_request\", ");
    finds(&report, "lesson.toml", line_of("lesson.toml", "words "), "the glossary does not know this word");
}

#[test]
fn a_teacher_has_three_lines_at_a_beat_and_students_do_not_read_them() {
    let say = |lines: usize| {
        format!(
            "### teacher\n{}",
            "Ask the room before the answer is shown, and wait until somebody objects.\n".repeat(lines)
        )
    };
    let narration = "### narration\nThe whole road.";
    let own = handshake();
    let beat = own.text("en.md").and_then(|text| text.split("## beat road").nth(1)).expect("the beat is there");
    let known =
        beat.split("### teacher\n").nth(1).and_then(|text| text.split("\n##").next()).expect("it has its words");
    let told =
        |lines: usize| broken("en.md", known.trim_end(), say(lines).trim_start_matches("### teacher\n").trim_end());
    assert!(own.text("en.md").is_some_and(|text| text.contains(narration)));
    let report = told(3);
    assert!(report.problems.iter().all(|problem| problem.file != "en.md"), "{:?}", report.problems);
    let report = told(4);
    finds(&report, "en.md", 0, "4 lines, at most 3");
}

#[test]
fn the_same_option_is_right_wherever_a_learner_may_find_the_goal() {
    // A is ESTABLISHED a little later, while the SYN still lies on the queue.
    let report = broken(
        "lesson.toml",
        "when = \"B.sock(4).receive_queue.len > 0\"",
        "when = \"A.sock(2).state == ESTABLISHED\"",
    );
    finds(&report, "lesson.toml", line_of("lesson.toml", "\"where-it-waits\""), "the options a and b all hold");
    let wrong = "when = \"B.sock(2).receive_queue[0].sk == 4\" }";
    let report =
        broken("lesson.toml", wrong, "when = \"B.sock(2).receive_queue[0].sk == 4 && A.sock(2).state == SYN_SENT\" }");
    finds(&report, "lesson.toml", line_of("lesson.toml", "\"where-it-waits\""), "no option holds");
    let mut files = handshake();
    for (name, text) in &mut files.files {
        if name == "lesson.toml" {
            *text = text.replacen(wrong, "when = \"A.sock(2).state == SYN_SENT\" }", 1).replacen(
                "when = \"B.sock(2).receive_queue[0].sk == 2\"",
                "when = \"A.sock(2).state == ESTABLISHED\"",
                1,
            );
        }
    }
    finds(&check(&files), "lesson.toml", line_of("lesson.toml", "\"where-it-waits\""), "another option is right there");
}

#[test]
fn what_cannot_happen_is_no_answer() {
    let right = "when = \"B.sock(4).state == ESTABLISHED && B.sock(2).receive_queue.len == 0\", never = \"B sends\"";
    let report = broken("lesson.toml", right, "never = \"B: enter tcp_ackk\"");
    finds(
        &report,
        "lesson.toml",
        0,
        "beat last-segment: option b: no kernel function is called tcp_ackk; did you mean tcp_ack?",
    );
    let report = broken("lesson.toml", "happens = \"B sends\"", "happens = \"B: leave no_such_thing_at_all\"");
    finds(&report, "lesson.toml", 0, "beat last-segment: option c: no kernel function is called no_such_thing_at_all");
}

#[test]
fn a_change_of_the_wire_is_made_in_the_ladder_and_shows_a_difference() {
    let mut files = handshake();
    let (_, text) = files.files.iter_mut().find(|(name, _)| name == "lesson.toml").expect("it is there");
    *text = text.replace("\"ladder\"", "\"timers\"");
    finds(
        &check(&files),
        "lesson.toml",
        line_of("lesson.toml", "\"lose-it\""),
        "is chosen in the ladder; put it among the `panes`",
    );
    let report = broken(
        "lesson.toml",
        "evidence = [\"A.sock(2).state == ESTABLISHED\"]",
        "evidence = [\"A.sock(2).state == CLOSING\"]",
    );
    finds(&report, "lesson.toml", line_of("lesson.toml", "\"lose-it\""), "shows no difference");
    let report = broken("lesson.toml", "pane  = \"processes\"", "pane  = \"queues\"");
    finds(&report, "lesson.toml", 0, "let it look at one of processes");
    let report = broken("lesson.toml", "pane     = \"socks\"\nclosed", "pane     = \"sock\"\nclosed");
    finds(
        &report,
        "lesson.toml",
        line_of("lesson.toml", "\"who-moves\""),
        "(sock and socks stand on one side: give one of them an odd",
    );
}

#[test]
fn a_number_that_is_none_of_the_lesson_is_named() {
    for file in ["en.md", "zh.md", "connect.pkt"] {
        let report = broken(file, "{port}", "{prot}");
        let line = handshake()
            .text(file)
            .and_then(|text| text.lines().position(|line| line.contains("{port}")))
            .expect("it is there");
        finds(&report, file, line + 1, "{prot} is no number of [vary]; there are delay, port, start");
    }
}

#[test]
fn who_begins_is_told_in_a_line_for_each_beat() {
    let mut files = handshake();
    let (_, text) = files.files.iter_mut().find(|(name, _)| name == "en.md").expect("it is there");
    let (before, rest) = text.split_once("## beat who-moves").expect("the beat");
    let (_, after) = rest.split_once("## beat where-it-waits").expect("the next");
    *text = format!("{before}## beat who-moves\n\n## beat where-it-waits{after}");
    let report = check(&files);
    finds(&report, "en.md", 0, "beat who-moves: 14 sections are missing, each under `### `: hint 1, hint 2");
    let missing =
        report.problems.iter().filter(|problem| problem.file == "en.md" && problem.message.en.contains("missing"));
    assert_eq!(missing.count(), 1);
    let last = report.problems.iter().rposition(|problem| problem.file == "lesson.toml");
    let words = report.problems.iter().position(|problem| problem.file == "en.md");
    assert!(last.zip(words).is_none_or(|(last, words)| last < words), "words come last");
}

#[test]
fn hints_come_in_three() {
    let report = broken("lesson.toml", "hints    = 3", "hints    = 2");
    finds(&report, "lesson.toml", line_of("lesson.toml", "\"who-moves\""), "hints = 3");
    let report = broken("lesson.toml", "minutes = 10", "minutes = 45");
    finds(&report, "lesson.toml", 0, "5 to 12");
}

#[test]
fn both_languages_are_complete() {
    let report = broken("zh.md", "### hint 2\n`tcp_conn_request` 复制监听者的 sock，再给副本设置状态。\n", "");
    finds(&report, "zh.md", 0, "beat who-moves, section \"hint 2\": the words are missing");
    let report = broken("en.md", "## then-and-now\n", "## then\n");
    finds(&report, "en.md", 0, "section \"then-and-now\": the words are missing");
    finds(&report, "en.md", line_of("en.md", "## then-and-now"), "lesson.toml has nothing of this name");
    let mut files = handshake();
    files.files.retain(|(name, _)| name != "zh.md");
    finds(&check(&files), "zh.md", 0, "this file is missing");
}

#[test]
fn a_translation_is_no_copy() {
    let report = broken("zh.md", "监听者并不是连接本身", "The listener is not the connection");
    finds(&report, "zh.md", line_of("zh.md", "## claim"), "a copy of the English");
    let report = broken("zh.md", "监听者并不是连接本身", "The listener is something else");
    finds(&report, "zh.md", line_of("zh.md", "## claim"), "without Chinese");
    let report = broken("zh.md", "`receive_queue` 为每个子 sock", "接收队列为每个子 sock");
    finds(&report, "zh.md", 0, "the symbol `receive_queue` of the English is missing");
    let report = broken("en.md", "What does B do with its socks?", "What does B do with its 套接字?");
    finds(&report, "en.md", 0, "Chinese characters in the English words");
}

#[test]
fn lines_are_short_and_few() {
    let long =
        "Now `tcp_conn_request` begins, and this line goes on far longer than any terminal of 80 columns can show.";
    let report = broken("en.md", "Now `tcp_conn_request` begins.", long);
    finds(&report, "en.md", line_of("en.md", "Now `tcp_conn_request` begins."), "cells wide, at most 76");
    let wide =
        "现在 `tcp_conn_request` 开始执行，这一行汉字很多，每个汉字占两格，所以很快就会超出八十列终端所能显示的宽度。";
    let report = broken("zh.md", "现在 `tcp_conn_request` 开始执行。", wide);
    finds(&report, "zh.md", line_of("zh.md", "现在 `tcp_conn_request` 开始执行。"), "cells wide, at most 76");
    let report = broken("en.md", "Now `tcp_conn_request` begins.", "Now `tcp_conn_request` begins.\nA third line.");
    finds(&report, "en.md", 0, "3 lines, at most 2");
    let report = broken("zh.md", "现在 `tcp_conn_request` 开始执行。", "，现在 `tcp_conn_request` 开始执行。");
    finds(&report, "zh.md", line_of("zh.md", "现在 `tcp_conn_request` 开始执行。"), "a line begins with punctuation");
}

#[test]
fn a_colour_is_no_name_and_time_is_short() {
    let report = broken("en.md", "What does B do with its socks?", "What does the red arrow show?");
    finds(&report, "en.md", 0, "the colour word \"red\"");
    let report = broken("zh.md", "B 会怎样处理它的 sock？", "红色箭头表示什么？");
    finds(&report, "zh.md", 0, "the colour word \"红色\"");
    let novel = format!("## drawing\n{}\n", "many words to read and read again\n".repeat(400));
    finds(&broken("en.md", "## drawing\n", &novel), "en.md", 0, "reading takes");
}

#[test]
fn a_scene_that_cannot_be_read_is_shown_at_its_line() {
    let report = broken("connect.pkt", "//@ mark ready", "//@ marks ready");
    finds(&report, "connect.pkt", line_of("connect.pkt", "//@ mark ready"), "expected an annotation");
    let report = broken("connect.pkt", "//@ program A client", "//@ program C client");
    finds(&report, "connect.pkt", line_of("connect.pkt", "//@ program A client"), "no host is called");
    assert!(!report.passed() && report.seeds == 0);
}

#[test]
fn nothing_a_lesson_may_hold_makes_the_linter_panic() {
    for text in
        ["", "\0", "schema = 1", "[[beat]]", "schema = 99999999999", "beat = 3", "é\n# \n## \n### \n## beat \n### \n"]
    {
        for file in ["lesson.toml", "connect.pkt", "en.md", "zh.md"] {
            let mut files = handshake();
            for (name, content) in &mut files.files {
                if name == file {
                    text.clone_into(content);
                }
            }
            assert!(!check(&files).passed() || file == "connect.pkt", "{file} = {text:?}");
        }
    }
    assert!(!check(&Files::default()).passed());
}

#[test]
fn an_answer_may_be_right_because_nothing_happens() {
    let right = "when = \"B.sock(4).state == ESTABLISHED && B.sock(2).receive_queue.len == 0\", never = \"B sends\"";
    let report = broken("lesson.toml", right, "never = \"B sends\"");
    assert!(report.passed(), "{:?}", report.problems);
    // A sends nothing either until accept() has returned; it has sent its SYN before the question.
    let report = broken("lesson.toml", right, "never = \"B: return accept\"");
    finds(&report, "lesson.toml", line_of("lesson.toml", "\"last-segment\""), "no option holds");
    let report = broken("lesson.toml", right, "never = \"B sends\", happens = \"A sends\"");
    finds(&report, "lesson.toml", line_of("lesson.toml", "\"last-segment\""), "no option holds");
    let report = broken("lesson.toml", right, "misconception = \"none\"");
    finds(&report, "lesson.toml", 0, "nothing says when this option is right");
}

#[test]
fn words_that_ask_have_an_answer() {
    let report = broken("en.md", "Go back to a step at which pid 100 runs again", "Where does pid 100 run again?");
    finds(&report, "lesson.toml", line_of("lesson.toml", "\"woken-too-early\""), "cannot be answered");
    let report = broken("lesson.toml", "a-buffer-belongs-to-its-queue", "the-child-keeps-its-syn");
    finds(&report, "lesson.toml", 0, "the same misconception");
    let report = broken("lesson.toml", "B.sock(2).receive_queue[0].sk == 2", "B.sock(2).receive_queue[0].sk == 4");
    finds(&report, "lesson.toml", line_of("lesson.toml", "\"where-it-waits\""), "b and c all hold");
}

#[test]
fn a_question_that_comes_back_reads_otherwise() {
    let report = broken("en.md", "The SYN for port {port} has climbed", "The SYN has climbed");
    finds(&report, "lesson.toml", line_of("lesson.toml", "\"who-moves\""), "reads as before");
    let report = broken("zh.md", "发往端口 {port} 的 SYN 已升到", "SYN 已升到");
    finds(&report, "lesson.toml", line_of("lesson.toml", "\"who-moves\""), "reads as before");
}

#[test]
fn a_lesson_shows_what_it_asks_about() {
    let panes = "panes   = [\"socks\", \"ladder\", \"state\", \"queues\", \"sock\", \"processes\"]";
    let report = broken("lesson.toml", panes, "panes   = [\"socks\"]");
    finds(&report, "lesson.toml", line_of("lesson.toml", "id      ="), "shows two to 6 panes");
    let report = broken("lesson.toml", panes, &panes.replace("\"queues\"", "\"timers\""));
    finds(&report, "lesson.toml", 0, "the pane queues is not among the `panes`");
    let report = broken("lesson.toml", panes, &panes.replace("\"queues\"", "\"socks\""));
    finds(&report, "lesson.toml", 0, "this pane is there twice");
    // Two socks are asked about, and the pane Sock shows one.
    let report = broken("lesson.toml", "pane     = \"socks\"\nclosed", "pane     = \"sock\"\nclosed");
    finds(&report, "lesson.toml", line_of("lesson.toml", "\"who-moves\""), "let it look at one of socks");
    let report = broken("lesson.toml", "pane  = \"processes\"", "pane  = \"queues\"");
    let part = "it asks for B.task(100).state, and at 80x24 shows queues and socks; let it look at one of processes";
    finds(&report, "lesson.toml", line_of("lesson.toml", "\"woken-too-early\""), part);
    let report = broken("lesson.toml", "B.sock(4).state == ESTABLISHED && ", "B.snmp.TcpAttemptFails == 2 && ");
    finds(&report, "lesson.toml", line_of("lesson.toml", "\"last-segment\""), "no pane shows B.snmp");
}

/// What is said of a place that the lesson is to go to, instead of that of its first question.
#[track_caller]
fn never(place: &str, parts: &[&str]) {
    let report = broken("lesson.toml", "at       = \"B: enter tcp_conn_request\"", &format!("at       = '{place}'"));
    for part in parts {
        finds(&report, "lesson.toml", line_of("lesson.toml", "\"who-moves\""), part);
    }
}

#[test]
fn a_place_that_is_never_reached_comes_with_the_nearest_that_is() {
    // The same, but on the other host; the same, but from another state; a function that runs elsewhere or nowhere.
    never(
        "B: state SYN_SENT->ESTABLISHED",
        &["the nearest that happens is \"A: state SYN_SENT->ESTABLISHED\" at turn 33"],
    );
    never(
        "A: state SYN_RECV->ESTABLISHED",
        &["the nearest that happens is \"B: state SYN_RECV->ESTABLISHED\" at turn "],
    );
    never("B: state LISTEN->SYN_RECV", &["the nearest that happens is \"B: born SYN_RECV\" at turn "]);
    never("A: enter tcp_conn_request", &["the nearest that happens is \"B: enter tcp_conn_request\" at turn 32"]);
    never("B: enter ip_forward", &["ip_forward runs nowhere in this run"]);
    never(
        "B: enter tcp_conn_reqest",
        &["no kernel function is called tcp_conn_reqest; did you mean tcp_conn_request?"],
    );
    // Frames, marks, timers, drops, calls.
    never("frame 99 leaves", &["the last frame of the run is frame 10"]);
    never("mark redy", &["no mark is called redy; did you mean ready?"]);
    never("mark elsewhere", &["no mark is called elsewhere; the scene has ready"]);
    never("A: timer tcp_keepalive fires", &[]);
    never(
        "A: timer TIME_KEEPOPEN fires",
        &["the nearest that happens is \"A: timer retransmit_timer fires\" at turn 48"],
    );
    never("A: return connect ECONNREFUSED", &["the nearest that happens is \"A: return connect\" at turn 33"]);
    never("B sends where tcp.flags.rst", &["the nearest that happens is \"frame 4 leaves\"", "tcp.flags.rst = false"]);
    // What is asked for besides, and how often.
    never(
        "B: enter tcp_conn_request if sk.state == ESTABLISHED",
        &["\"B: enter tcp_conn_request\" at turn 32", "sk.state = LISTEN"],
    );
    never("B: enter tcp_conn_request #7", &["it happens only once"]);
    never("when B.sock(9).state == LISTEN", &["at the end of the run B.sock(9).state = NULL"]);
    // It is there, but before.
    never("B: call listen", &["it is reached before, at turn 24, 0.000000 s"]);
}

#[test]
fn a_question_without_one_right_option_says_what_was_true() {
    let report = broken(
        "lesson.toml",
        "B.sock(4).state == SYN_RECV && B.sock(2).state == LISTEN",
        "B.sock(4).state == SYN_SENT && B.sock(2).state == LISTEN",
    );
    let values = |option: &str, told: &str| {
        let line = line_of("lesson.toml", option);
        finds(&report, "lesson.toml", line, "does not hold at turn 32, 0.");
        finds(&report, "lesson.toml", line, told);
    };
    values("id = \"a\", when = \"B.sock(2).state == SYN_RECV\"", "the option a does not hold");
    values("id = \"a\", when = \"B.sock(2).state == SYN_RECV\"", ": B.sock(2).state = LISTEN");
    values(
        "id = \"b\", when = \"B.sock(4).state == SYN_RECV",
        ": B.sock(4).state = SYN_RECV, B.sock(2).state = LISTEN",
    );
    values("id = \"d\", when = \"!B.sock(4)\"", ": B.sock(4) = true");
    let report = broken("lesson.toml", "when = \"!B.sock(4)\"", "when = \"B.sock(4)\"");
    finds(&report, "lesson.toml", line_of("lesson.toml", "when = \"!B.sock(4)\""), "the option d holds at turn 32");
    // The same where something must happen, or must not.
    let right = "when = \"B.sock(4).state == ESTABLISHED && B.sock(2).receive_queue.len == 0\", never = \"B sends\"";
    let line = line_of("lesson.toml", right);
    let sends = broken("lesson.toml", right, "when = \"B.sock(2).receive_queue.len == 0\", happens = \"B sends\"");
    finds(&sends, "lesson.toml", line, "does not hold at turn 36");
    let told = ": B.sock(2).receive_queue.len = 0; \"B sends\" is passed only behind that, at turn 37, 0.";
    finds(&sends, "lesson.toml", line, told);
    let slept = broken("lesson.toml", right, "never = \"B: return accept\"");
    finds(&slept, "lesson.toml", line, ": \"B: return accept\" is passed on the way there, at turn 36, 0.");
    // One seed tells it: the values of three would say the same thrice.
    assert_eq!(report.problems.len(), 5, "{:?}", report.problems);
}

#[test]
fn the_chinese_of_a_lesson_that_does_not_ship_may_wait() {
    let mut files = handshake();
    let (_, text) = files.files.iter_mut().find(|(name, _)| name == "zh.md").expect("it is there");
    *text =
        text.replacen("# 从两端看三次握手", "", 1).replacen("### question\nB 会怎样处理它的 sock？\n", "### 问题\n", 1);
    let (own, ships) = (check_own(&files), check(&files));
    assert!(own.passed() && !ships.passed(), "{own:?}");
    assert_eq!(own.warnings, ships.problems);
    finds(&Report { problems: own.warnings, ..Report::default() }, "zh.md", 0, "the title is missing");
    let lesson = load(&files, 1).expect("it plays");
    assert_eq!(lesson.text.zh.title, "The handshake, from both sides");
    assert_eq!(lesson.text.zh.plain("who-moves/question"), "What does B do with its socks?");
    assert!(lesson.text.zh.plain("who-moves/option a").contains("监听者"));
    // What is wrong with the rest stays wrong.
    files.files.retain(|(name, _)| name != "en.md");
    assert!(!check_own(&files).passed());
}

#[test]
fn every_step_of_the_road_is_reached_by_its_place_and_by_no_other() {
    for files in content::all().into_iter().chain(content::skeleton("mine")) {
        let lesson = load(&files, 3).expect("it is read");
        let mut run = lesson.open().expect("it runs");
        let stops = road(&mut run);
        assert!(stops.len() > 300, "{}", files.folder);
        for stop in &stops {
            let text = stop.place.to_string();
            assert_eq!(Place::parse(&text).as_ref(), Ok(&stop.place), "{text}");
            let start = Moment::default();
            let found = find(&stop.place, &mut run, start, Direction::Forward);
            let found = found.or_else(|| reach(&stop.place, &mut run, start));
            assert_eq!(found, Some(stop.moment), "{}: {text}", files.folder);
        }
        let edges = held(&lesson, &mut run);
        assert!(edges.iter().all(|edge| edge.moment.is_some()), "{edges:?}");
        assert!(edges.is_sorted_by_key(|edge| edge.moment), "{edges:?}");
        assert_eq!(edges.iter().filter(|edge| edge.edge == Edge::At).count(), lesson.beats.len());
    }
}

#[test]
fn what_authors_begin_with_passes() {
    let report = check(&content::skeleton("mine").expect("an id"));
    assert!(report.passed() && report.warnings.is_empty(), "{:?}", report.problems);
    assert!(["", "Mine", "a b", "../a", "a.b"].iter().all(|name| content::skeleton(name).is_none()));
}

#[test]
fn a_goal_that_is_not_reached_says_what_was_there_instead() {
    let goal = line_of("lesson.toml", "\"lose-it\"");
    let report = broken("lesson.toml", "A.sock(2).retransmits > 5", "A.sock(2).retransmits > 90");
    finds(&report, "lesson.toml", goal, "does not reach the goal: at the end of the run A.sock(2).retransmits = 0");
    let find = "goal  = \"B.sock(2).receive_queue.len > 0 || B.sock(4).receive_queue.len > 0\"";
    let beat = line_of("lesson.toml", "\"where-it-waits\"");
    let report = broken("lesson.toml", find, "goal  = \"B.sock(2).receive_queue.len > 3\"");
    finds(&report, "lesson.toml", beat, "fulfils the goal: at the end of the run B.sock(2).receive_queue.len = 0");
    let report = broken("lesson.toml", find, "goal  = \"B.sock(4).state == ESTABLISHED\"");
    finds(&report, "lesson.toml", beat, "fulfils the goal: it is fulfilled only at turn 3");
}

/// The handshake with other calls for its second pass.
fn with_calls(calls: &[&str]) -> Files {
    let mut files = handshake();
    let (_, text) = files.files.iter_mut().find(|(name, _)| name == "lesson.toml").expect("it is there");
    let (before, rest) = text.split_once("calls   = [").expect("it has calls");
    let (_, after) = rest.split_once("]\n").expect("they end");
    *text = format!("{before}calls   = {calls:?}\n{after}");
    files
}

#[test]
fn the_calls_of_a_second_pass_are_functions_in_the_order_of_the_run() {
    let line = line_of("lesson.toml", "calls   = [");
    let ok = ["A: enter tcp_connect", "A: enter arp_find", "B: enter get_sock", "A: enter tcp_ack"];
    let calls = |calls: &[&str]| check(&with_calls(calls));
    assert!(calls(&ok).passed());
    finds(&calls(&ok[..3]), "lesson.toml", line, "four to six calls, not 3");
    let with = |call: &'static str| [ok[0], ok[1], ok[2], call];
    finds(&calls(&with("A: enter tcp_connect")), "lesson.toml", line, "this call is there twice");
    finds(&calls(&with("A: leave tcp_ack")), "lesson.toml", line, "a call is written `HOST: enter FUNCTION`");
    finds(&calls(&with("enter tcp_ack")), "lesson.toml", line, "a call is written `HOST: enter FUNCTION`");
    finds(&calls(&with("A: enter tcp_akc")), "lesson.toml", line, "no kernel function is called tcp_akc");
    finds(&calls(&with("C: enter tcp_ack")), "lesson.toml", line, "is no host of this scene");
    finds(&calls(&with("A: enter inet_create #1")), "lesson.toml", line, "is not reached behind the call before it");
    let mut own = with_calls(&with("A: enter inet_create #1"));
    own.files.retain(|(name, _)| name != "zh.md");
    finds(&check_own(&own), "lesson.toml", line, "is not reached behind the call before it");
    // By the last one every other of them has run again.
    let busy = ["A: enter netif_rx", "A: enter net_bh", "A: enter ip_rcv", "A: enter tcp_rcv #2"];
    finds(&calls(&busy), "lesson.toml", line, "nothing can be asked there");
}

#[test]
fn what_is_wrong_with_a_second_pass_is_said_of_its_calls() {
    // Which of the two is first depends on the frame that is lost: with some learner's number the questions have no answer.
    let line = line_of("lesson.toml", "calls   = [");
    let mut files =
        with_calls(&["A: enter tcp_connect", "A: enter arp_find", "A: enter tcp_read #3", "B: enter tcp_retransmit"]);
    for (name, text) in &mut files.files {
        match name.as_str() {
            "lesson.toml" => *text = text.replacen("start = [100, 900]", "start = [100, 900]\nlost = [6, 9]", 1),
            "connect.pkt" => *text = text.replacen("//@ mark ready", "//@ mark ready\n//@ drop {lost}", 1),
            _ => {}
        }
    }
    let report = check(&files);
    finds(&report, "lesson.toml", line, "the second pass that is made of them does not pass: lesson.toml:");
    finds(&report, "lesson.toml", line, "the place \"B: enter tcp_retransmit\" is never reached behind");
    assert_eq!((report.seeds, report.questions), (3, 3), "the first pass is sound");
}
