//! Every rule of the linter has a lesson that breaks it: a new rule without one fails here.
//!
//! The rules are read out of the sources: each sentence that stands there in both languages is one, and must be met in what is
//! said of a lesson of the table below. What the scene language, places and predicates complain of is the stack's, and tested there.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::thread;

use lessons::check::check;
use lessons::{Files, content};

/// One change of a file of a lesson.
enum Edit {
    /// The first text is replaced by the second.
    Text(&'static str, &'static str, &'static str),
    /// Words are added at the end of a file, so often.
    Add(&'static str, &'static str, usize),
    /// The file holds something else.
    Whole(&'static str, &'static str),
    /// The file is no longer there.
    Gone(&'static str),
}

use Edit::{Add, Gone, Text, Whole};

/// Files with names that the table repeats.
const TOML: &str = "lesson.toml";
const EN: &str = "en.md";
const ZH: &str = "zh.md";
const PKT: &str = "first.pkt";

/// A lesson, what is changed in it, and a part of what the linter then says.
type Row = (&'static str, &'static [Edit], &'static str);

/// The lesson that authors begin with, changed.
const SKELETON: &str = "skeleton";

/// Three lines of words.
const LONG: &str = "These words go on and on, for longer than anybody who reads them likes,\n\
                    and when they come to an end they begin again, to say the same in other\n\
                    words, so that nobody finds in them what was asked for.";
/// One line that fills a page.
const ENDLESS: &str = "These words go on and on, for longer than anybody who reads them likes, and when they come to an end they begin \
                       again, to say the same in other words, so that nobody finds in them what was asked for; and when these words \
                       have come to an end, they begin once more, to say the same in yet other words, which is that they go on and on, \
                       for longer than anybody likes who reads them, and that nobody finds in them what was asked for, as was to be \
                       expected of words that begin again when they come to an end, in other words, of these words, which go on and on, \
                       for longer than anybody likes who reads them, and longer.";
/// A scene in which a SYN offers segments of no length, and the kernel divides by it.
const DEADLY: &str = "0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n\
                      +0 bind(3, ..., ...) = 0\n\
                      +0 listen(3, 1) = 0\n\
                      +0 < S 0:0(0) win 4096 <mss 0>\n\
                      +0 > S. 0:0(0) ack 1 <...>\n\
                      +.1 < . 1:1(0) ack 1 win 4096\n\
                      +0 accept(3, ..., ...) = 4\n\
                      +.1 write(4, ..., 100) = 100\n";

const ROWS: &[Row] = &[
    // The file as it is written.
    (SKELETON, &[Text(TOML, "minutes = 5", "minuets = 5")], "unknown field `minuets`"),
    (SKELETON, &[Text(TOML, "minutes = 5 ", "# minutes ")], "missing field `minutes`"),
    (SKELETON, &[Text(TOML, "kind = \"show\"", "kind = \"tell\"")], "unknown variant `tell`"),
    (SKELETON, &[Text(TOML, "minutes = 5 ", "minutes = 5\nminutes = 6 ")], "duplicate key"),
    (SKELETON, &[Text(TOML, "[vary]", "[vary")], "unclosed table"),
    (SKELETON, &[Gone(TOML)], "this file is missing"),
    (SKELETON, &[Gone(EN)], "this file is missing"),
    (SKELETON, &[Add(ZH, "一行很长的文字，占了许多字节\n", 8_000)], "the file is longer than 262144 bytes"),
    // The head.
    (SKELETON, &[Text(TOML, "schema  = 1", "schema  = 2")], "schema 2 is not known"),
    (SKELETON, &[Text(TOML, "\"mine\"", "\"My lesson\"")], "an id is small letters, digits and -"),
    (SKELETON, &[Text(TOML, "seed = \"student\"", "seed = \"pupil\"")], "a seed is \"student\" or a number"),
    (SKELETON, &[Text(TOML, "[2000, 9000]", "[9000, 2000]")], "port: the range begins above its end"),
    (SKELETON, &[Text(TOML, "schema  = 1", "needs = [\"A b\"]\nschema = 1")], "`needs` names lessons by their ids"),
    (
        SKELETON,
        &[Text(TOML, "schema  = 1", "words = [\"no such word\"]\nschema = 1")],
        "the glossary does not know this word",
    ),
    (SKELETON, &[Text(TOML, "schema  = 1", "chapter = \"none\"\nschema = 1")], "there is no such chapter"),
    (SKELETON, &[Text(TOML, "\"arp\", \"ladder\", \"sock\"", "\"arp\"")], "a lesson shows two to 6 panes"),
    (
        SKELETON,
        &[Text(TOML, "\"arp\", \"ladder\", \"sock\"", "\"arp\", \"ladder\"")],
        "the pane sock is not among the `panes`",
    ),
    (
        SKELETON,
        &[Text(TOML, "\"arp\", \"ladder\", \"sock\"", "\"arp\", \"arp\", \"ladder\", \"sock\"")],
        "this pane is there twice",
    ),
    (
        SKELETON,
        &[Text(TOML, "\"arp\", \"ladder\", \"sock\"", "\"arp\", \"ladder\", \"sock\", \"radar\"")],
        "no pane is called \"radar\"",
    ),
    (SKELETON, &[Text(TOML, "minutes = 5 ", "minutes = 4 ")], "4 minutes: a lesson takes 5 to 12"),
    (
        SKELETON,
        &[Text(TOML, "\nhide     = \"future\"", "\n#"), Text(TOML, "kind     = \"predict\"", "kind = \"show\"")],
        "has no meaning in a beat of this kind",
    ),
    // The calls of the second pass.
    (SKELETON, &[Text(TOML, ", \"A: enter tcp_ack\"]", "]")], "a second pass has four to six calls, not 3"),
    (SKELETON, &[Text(TOML, "\"A: enter tcp_ack\"]", "\"A: enter arp_find\"]")], "this call is there twice"),
    (
        SKELETON,
        &[Text(TOML, "\"A: enter tcp_ack\"]", "\"A: leave tcp_ack\"]")],
        "a call is written `HOST: enter FUNCTION`",
    ),
    (
        SKELETON,
        &[Text(TOML, "\"A: enter tcp_ack\"]", "\"A: enter tcp_akc\"]")],
        "no kernel function is called tcp_akc; see",
    ),
    (
        SKELETON,
        &[Text(TOML, "\"A: enter tcp_ack\"]", "\"A: enter start_kernel\"]")],
        "is not reached behind the call before it",
    ),
    (
        SKELETON,
        &[Text(
            TOML,
            "\"A: enter inet_connect\", \"A: enter tcp_connect\", \"A: enter arp_find\", \"A: enter tcp_ack\"",
            "\"A: enter netif_rx\", \"A: enter net_bh\", \"A: enter ip_rcv\", \"A: enter tcp_rcv #2\"",
        )],
        "nothing can be asked there",
    ),
    (
        "handshake",
        &[
            Text(
                TOML,
                "\"B: enter get_sock\", \"B: enter tcp_conn_request\", \"A: enter tcp_ack\",\n  \"B: enter tcp_ack\",",
                "\"A: enter tcp_read #3\", \"B: enter tcp_retransmit\",",
            ),
            Text(TOML, "start = [100, 900]", "start = [100, 900]\nlost = [6, 9]"),
            Text("connect.pkt", "//@ mark ready", "//@ mark ready\n//@ drop {lost}"),
        ],
        "the second pass that is made of them does not pass",
    ),
    // Beats and their keys.
    (SKELETON, &[Text(TOML, "id   = \"before\"", "id   = \"answer\"")], "the beat \"answer\" is there twice"),
    (SKELETON, &[Text(TOML, "host = \"A\"", "host = \"C\"")], "no host of the scene has this name"),
    (SKELETON, &[Text(TOML, "hide     = \"future\"", "hide     = \"past\"")], "only \"future\" can be hidden"),
    (SKELETON, &[Text(TOML, "closed   = [\"code\"]", "closed   = [\"arp\"]")], "the pane arp is in `closed` too"),
    (SKELETON, &[Text(TOML, "hide     = \"future\"", "#")], "a question hides what is to come"),
    (SKELETON, &[Text(TOML, "until    = \"frame 2 leaves\"", "#")], "a question needs `until`"),
    (
        SKELETON,
        &[Text(TOML, "solution = [\"drop 1\"]", "solution = [\"delay 1 500\"]")],
        "this beat does not allow that change",
    ),
    (SKELETON, &[Text(TOML, "solution = [\"drop 1\"]", "solution = [\"lose 1\"]")], "a change is `drop N`"),
    (SKELETON, &[Text(TOML, "solution = [\"drop 1\"]", "#")], "a beat that modifies needs `allow` and a `solution`"),
    (
        SKELETON,
        &[Text(
            TOML,
            "  { id = \"reply\", at = \"frame 2 leaves\" },\n  { id = \"syn\", at = \"frame 3 leaves\" },\n",
            "",
        )],
        "at least three steps are to be ordered",
    ),
    (SKELETON, &[Text(TOML, "goal     = \"A.sock(2).retransmits > 5\"", "#")], "a beat of this kind needs a `goal`"),
    ("gate", &[Text(TOML, "solution = [\"listen(3, 5)\"]", "#")], "a beat that makes needs a `solution`"),
    (
        "handshake",
        &[Text(
            TOML,
            "{ id = \"a\", when = \"B.sock(4).receive_queue.len > 0\"",
            "{ id = \"a\", pick = \"B.sock(4).receive_queue\", when = \"B.sock(4).receive_queue.len > 0\"",
        )],
        "`pick` stands in an investigate beat",
    ),
    (
        "handshake",
        &[
            Text(
                TOML,
                "{ id = \"a\", when = \"B.sock(4).receive_queue.len > 0\"",
                "{ id = \"a\", pick = \"B.sock(4) && B.sock(2)\", when = \"B.sock(4).receive_queue.len > 0\"",
            ),
            Text(
                TOML,
                "{ id = \"b\", when = \"B.sock(2).receive_queue[0].sk == 4\"",
                "{ id = \"b\", pick = \"B.sock(4)\", when = \"B.sock(2).receive_queue[0].sk == 4\"",
            ),
            Text(
                TOML,
                "{ id = \"c\", when = \"B.sock(2).receive_queue[0].sk == 2\"",
                "{ id = \"c\", pick = \"B.sock(2)\", when = \"B.sock(2).receive_queue[0].sk == 2\"",
            ),
        ],
        "`pick` names one thing",
    ),
    (
        SKELETON,
        &[Text(TOML, "when = '!A.arp(\"10.0.0.2\").resolved'", "when = \"A.sock(2).rto increases\"")],
        "an option is asked at one moment",
    ),
    (SKELETON, &[Text(TOML, "never = \"A sends\", ", "")], "nothing says when this option is right"),
    // The form.
    (
        SKELETON,
        &[Text(TOML, "hints    = 3                                  # look", "hints    = 2 # look")],
        "hints = 3 (look here, the rule, the answer), not 2",
    ),
    (
        SKELETON,
        &[
            Text(
                TOML,
                "  { id = \"a\", happens = \"A sends where tcp.syn\", misconception = \"the-address-is-known\" },\n",
                "",
            ),
            Text(
                TOML,
                "  { id = \"c\", never = \"A sends\", misconception = \"connect-waits-for-the-answer\" },\n",
                "",
            ),
        ],
        "a question has at least two options",
    ),
    (
        "handshake",
        &[Text(TOML, "evidence = [\"B.sock(4)\", \"B.sock(4).state == SYN_RECV\"]", "")],
        "`evidence` is missing",
    ),
    (SKELETON, &[Text(TOML, "{ id = \"c\", never", "{ id = \"a\", never")], "the option a is there twice"),
    (
        SKELETON,
        &[Text(TOML, "\"connect-waits-for-the-answer\"", "\"the-address-is-known\"")],
        "two options name the same misconception",
    ),
    (
        SKELETON,
        &[Text(EN, "Go on to the step at which A knows it.", "When does A know it?")],
        "its words ask something that cannot be answered",
    ),
    (
        SKELETON,
        &[Text(EN, "10.0.0.2, port {port}.\n### question", "10.0.0.2.\n### question")],
        "when it comes back it reads as before",
    ),
    (
        SKELETON,
        &[Text(TOML, "happens = \"A sends where tcp.syn\"", "happens = \"A: enter tcp_conect\"")],
        "option a: no kernel function",
    ),
    (
        "handshake",
        &[Text(TOML, "evidence = [\"B.sock(2).receive_queue.len > 0\"]", "evidence = [\"B.sock(9)\"]")],
        "is shown no step that settles the question",
    ),
    (
        SKELETON,
        &[Text(
            EN,
            "### option a\nthe SYN\n### option b\na question to everybody: who has 10.0.0.2?\n### option c\nnone: A waits until B has spoken\n### reply a\nA SYN needs the Ethernet address of B, and nobody has told it to A.\n",
            "",
        )],
        "4 sections are missing, each under `### `",
    ),
    (
        SKELETON,
        &[
            Text(TOML, "\"arp\", \"ladder\", \"sock\"", "\"arp\", \"timers\", \"sock\""),
            Text(TOML, "pane  = \"ladder\"", "pane  = \"sock\""),
        ],
        "the frame to be changed is chosen in the ladder",
    ),
    (
        "handshake",
        &[Text(TOML, "pane     = \"socks\"\nclosed", "pane     = \"sock\"\nclosed")],
        "sock and socks stand on one side",
    ),
    (SKELETON, &[Text(EN, "listens on port {port}", "listens on port {prot}")], "{prot} is no number of [vary]"),
    // What does not fit on a page.
    (
        SKELETON,
        &[
            Text(EN, "Which frame leaves A first?", LONG),
            Text(
                EN,
                "the SYN\n### option b",
                "the SYN, which is the frame that everybody expects to be the first of all\nthat leave\n### option b",
            ),
            Text(
                EN,
                "none: A waits until B has spoken",
                "none: A waits until B has spoken, for whoever listens has to say so before\nanybody may ask",
            ),
        ],
        "narration and question with all below it",
    ),
    (
        SKELETON,
        &[
            Text(
                EN,
                "Look at A's ARP table: which Ethernet address would stand in a SYN?",
                "Look at A's ARP table, and then look at it once more, line by line:\nwhich Ethernet address would stand in a SYN, and from whom would it come,\nif nobody has been asked, and if nobody has answered, up to this moment?",
            ),
            Text(
                EN,
                "the SYN\n### option b",
                "the SYN, which is the frame that everybody expects to be the first of all\nthat leave\n### option b",
            ),
            Text(
                EN,
                "none: A waits until B has spoken",
                "none: A waits until B has spoken, for whoever listens has to say so before\nanybody may ask",
            ),
        ],
        "the question with hint 1 above it",
    ),
    (
        SKELETON,
        &[
            Text(
                EN,
                "Put the steps in the order of the run.",
                "Put the steps in the order of the run, the first of them at the top, and\nthe last at the bottom, as they would stand in a list of what happened,\none after the other, on both hosts.",
            ),
            Text(
                EN,
                "connect() has returned. One of these steps comes earlier than most think.",
                "connect() has returned. One of these steps comes earlier than most think,\nand another one later.",
            ),
        ],
        "narration, question and steps",
    ),
    (
        "handshake",
        &[Text(EN, "A state is stored before its segment leaves. B sends before it queues.", LONG)],
        "hint 2 with the steps below it",
    ),
    (
        SKELETON,
        &[Text(
            EN,
            "the ARP reply leaves",
            "the ARP reply leaves B, which has been asked for its address a moment ago, and",
        )],
        "a step is one row of at most 66 cells",
    ),
    (
        SKELETON,
        &[Text(EN, "The answer fills the entry in, and what waited on it is sent at once.", ENDLESS)],
        "the why takes",
    ),
    (
        SKELETON,
        &[
            Text(
                EN,
                "B has no reason to speak. Who wants to know an address asks for it.",
                "B has no reason to speak. Who wants to know an address asks for it, and\nwhoever has it answers, but nobody tells an address to somebody who has\nnot asked, for then every host of the network would have to tell it to\nevery other.",
            ),
            Text(
                EN,
                "none: A waits until B has spoken",
                "none: A waits until B has spoken, for whoever listens has to say so before\nanybody may ask",
            ),
            Text(
                EN,
                "a question to everybody: who has 10.0.0.2?",
                "a question to everybody who is on this network: who has 10.0.0.2, and what\nis his address?",
            ),
        ],
        "the answer c with its reply and evidence",
    ),
    // What is seen.
    (SKELETON, &[Text(TOML, "evidence = ['A.arp(\"10.0.0.2\")']", "evidence = [\"A.task(100)\"]")], "at 80x24 shows"),
    (
        SKELETON,
        &[Text(TOML, "evidence = ['A.arp(\"10.0.0.2\")']", "evidence = [\"A.snmp.TcpActiveOpens == 1\"]")],
        "no pane shows A.snmp",
    ),
    // The words.
    (SKELETON, &[Text(TOML, "claim   = \"The first", "claim   = \"A first")], "the claim here and in en.md differ"),
    (
        SKELETON,
        &[Text(EN, "### hint 2\nAn IP address is not enough to send a frame on Ethernet.\n", "")],
        "the words are missing; write this section",
    ),
    (SKELETON, &[Text(EN, "## drawing", "## drawings")], "lesson.toml has nothing of this name"),
    (
        SKELETON,
        &[Text(EN, "A and B have never spoken:", "A line.\nAnd another.\nA and B have never spoken:")],
        "3 lines, at most 2",
    ),
    (
        SKELETON,
        &[Text(
            EN,
            "A and B have never spoken:",
            "A and B have never spoken to each other, neither today nor at any time before:",
        )],
        "cells wide, at most 76",
    ),
    (SKELETON, &[Text(EN, "the SYN leaves", "the red SYN leaves")], "the colour word \"red\" alone says nothing"),
    (SKELETON, &[Text(EN, "the SYN leaves", "the SYN\u{7} leaves")], "a control character; remove it"),
    (SKELETON, &[Add(EN, "many words that are to be read, and read again, by everybody\n", 300)], "reading takes"),
    (
        SKELETON,
        &[Text(ZH, "`arp_rcv`", "arp_rcv"), Text(ZH, "`arp_rcv`", "arp_rcv")],
        "the symbol `arp_rcv` of the English is missing",
    ),
    (SKELETON, &[Text(EN, "the SYN leaves", "the 报文段 leaves")], "Chinese characters in the English words"),
    (SKELETON, &[Text(ZH, "# ", "# The first frame\n# ")], "there is a title already"),
    (
        "handshake",
        &[Text(ZH, "监听者并不是连接本身", "The listener is not the connection")],
        "it is a copy of the English",
    ),
    ("handshake", &[Text(ZH, "监听者并不是连接本身", "The listener is something else")], "without Chinese"),
    ("handshake", &[Text(ZH, "监听者并不是连接本身", "，监听者并不是连接本身")], "a line begins with punctuation"),
    (
        "handshake",
        &[Text(ZH, "监听者并不是连接本身", "监听器并不是连接本身")],
        "\"监听器\" is \"监听者\" on the screens",
    ),
    (
        SKELETON,
        &[Text(EN, "# The first frame", "The first frame")],
        "the title is missing: the first line is `# TITLE`",
    ),
    (SKELETON, &[Text(EN, "## claim", "### claim")], "a `### ` section stands inside a `## beat ID`"),
    (SKELETON, &[Text(EN, "## claim", "Stray words.\n## claim")], "these words belong to no section"),
    (SKELETON, &[Text(EN, "### hint 2", "### hint 1")], "this section stands there twice; keep one"),
    // The run.
    (
        SKELETON,
        &[Text(TOML, "at       = \"A: call connect\"", "at       = \"A: call fork\"")],
        "is never reached behind the beat before",
    ),
    (SKELETON, &[Text(TOML, "sock     = 2 ", "sock     = 99 ")], "there is no sk#99 on its host at this moment"),
    (
        SKELETON,
        &[Text(TOML, "happens = \"A sends where arp\", ", "happens = \"A sends where udp\", ")],
        "no option holds after the reveal",
    ),
    (
        SKELETON,
        &[Text(TOML, "{ id = \"c\", never = \"A sends\"", "{ id = \"c\", happens = \"A sends\"")],
        "the options b and c all hold after the reveal",
    ),
    (
        SKELETON,
        &[Text(
            TOML,
            "happens = \"A sends where tcp.syn\", misconception = \"the-address-is-known\"",
            "happens = \"A sends where tcp.syn\"",
        )],
        "names no misconception",
    ),
    (
        SKELETON,
        &[Text(TOML, "when = '!A.arp(\"10.0.0.2\").resolved' }", "misconception = \"none\" }")],
        "holds in the run and yet names a misconception",
    ),
    (
        SKELETON,
        &[Text(TOML, "until    = \"frame 2 leaves\"", "until    = \"A: call connect\"")],
        "the answer does not lie in the future",
    ),
    (
        SKELETON,
        &[Text(TOML, "happens = \"A sends where arp\", when", "when")],
        "the right option holds before the reveal already",
    ),
    (
        "handshake",
        &[Text(TOML, "[\"B.sock(4)\", \"B.sock(4).state == SYN_RECV\"]", "[\"B.sock(9)\"]")],
        "no step settles the question",
    ),
    (
        "handshake",
        &[Text(TOML, "closed   = [\"code\"]", "")],
        "the code pane shows tcp_conn_request, which settles the question",
    ),
    (
        "handshake",
        &[
            Text(
                TOML,
                "when = \"B.sock(2).receive_queue[0].sk == 4\" }",
                "when = \"B.sock(2).receive_queue[0].sk == 4 && A.sock(2).state == SYN_SENT\" }",
            ),
            Text(
                TOML,
                "when = \"B.sock(2).receive_queue[0].sk == 2\"",
                "when = \"B.sock(2).receive_queue[0].sk == 4 && A.sock(2).state == ESTABLISHED\"",
            ),
        ],
        "the goal holds too, and another option is right there",
    ),
    (
        SKELETON,
        &[Text(TOML, "goal  = 'A.arp(\"10.0.0.2\").resolved'", "goal  = 'A.arp(\"10.0.0.2\")'")],
        "the goal holds at the beginning already",
    ),
    (
        "handshake",
        &[Text(
            TOML,
            "goal  = \"B.sock(2).receive_queue.len > 0 || B.sock(4).receive_queue.len > 0\"",
            "goal  = \"B.sock(4).state == ESTABLISHED\"",
        )],
        "behind the next question",
    ),
    (
        SKELETON,
        &[Text(TOML, "goal  = 'A.arp(\"10.0.0.2\").resolved'", "goal  = 'A.arp(\"10.0.0.9\").resolved'")],
        "no moment that may be seen fulfils the goal: at the end of the run",
    ),
    (
        SKELETON,
        &[Text(TOML, "goal     = \"A.sock(2).retransmits > 5\"", "goal     = \"A.sock(2).retransmits > 4\"")],
        "the goal is reached without any change",
    ),
    (
        SKELETON,
        &[Text(TOML, "goal     = \"A.sock(2).retransmits > 5\"", "goal     = \"A.sock(2).retransmits > 90\"")],
        "the solution does not reach the goal",
    ),
    (
        SKELETON,
        &[Text(TOML, "{ id = \"reply\", at = \"frame 2 leaves\" }", "{ id = \"reply\", at = \"frame 1 leaves\" }")],
        "or stands at the same moment as another",
    ),
    (
        SKELETON,
        &[Text(TOML, "{ id = \"reply\", at = \"frame 2 leaves\" }", "{ id = \"reply\", at = \"frame 99 leaves\" }")],
        "the step reply has not been reached by then: the last frame of the run",
    ),
    ("back-log", &[Whole("busy.pkt", DEADLY)], "the kernel dies in this scene"),
    (
        "back-log",
        &[Text(TOML, "at   = \"host: call read\"", "at   = \"frame 1 leaves\"")],
        "frame 1 comes from outside: it arrives and never leaves",
    ),
    (
        "back-log",
        &[
            Text(TOML, "kind     = \"make\"", "kind     = \"modify\"\nallow    = [\"wire.drop\"]"),
            Text(TOML, "[\"write(8, ..., 10)\"]", "[\"drop 1\"]"),
        ],
        "the wire of this scene cannot be changed",
    ),
    (
        "gate",
        &[Text(TOML, "at   = \"A: call sendto\"", "at   = \"A: state *->TIME_WAIT\"")],
        "nothing of this kind happens in the run",
    ),
    // What did happen instead.
    (SKELETON, &[Text(TOML, "\"A: call connect\"", "\"mark redy\"")], "no mark is called redy; did you mean ready?"),
    (SKELETON, &[Text(TOML, "\"A: call connect\"", "\"mark elsewhere\"")], "the scene has ready"),
    (SKELETON, &[Text(PKT, "//@ mark ready", "//")], "the scene has no mark"),
    (
        SKELETON,
        &[Text(TOML, "\"A: call connect\"", "\"A: enter tcp_conect\"")],
        "no kernel function is called tcp_conect; did you mean tcp_connect?",
    ),
    (SKELETON, &[Text(TOML, "\"A: call connect\"", "\"A: enter zzz\"")], "lists those that run"),
    (SKELETON, &[Text(TOML, "\"A: call connect\"", "\"A: enter ip_forward\"")], "ip_forward runs nowhere in this run"),
    (SKELETON, &[Text(TOML, "\"A: call connect\"", "\"A: enter tcp_connect #7\"")], "it happens only once"),
    (
        SKELETON,
        &[Text(TOML, "\"A: call connect\"", "\"A: enter tcp_connect if sk.state == ESTABLISHED\"")],
        "and there sk.state = CLOSE",
    ),
    (SKELETON, &[Text(TOML, "\"A: call connect\"", "\"B: call listen\"")], "it is reached before, at turn"),
    (SKELETON, &[Text(TOML, "\"A: call connect\"", "\"end #2\"")], "the run begins and ends once"),
    (SKELETON, &[Text(TOML, "\"A: call connect\"", "\"A: drop\"")], "is never reached"),
    (
        SKELETON,
        &[
            Text(TOML, "\"A: call connect\"", "\"frame 1 arrives\""),
            Text(PKT, "//@ mark ready", "//@ mark ready\n//@ drop 1"),
        ],
        "frame 1 is lost on the wire",
    ),
    (
        SKELETON,
        &[Text(TOML, "\"A: call connect\"", "\"frame 1 arrives\""), Text(PKT, "delay 5ms", "delay 100s")],
        "frame 1 leaves, and the run ends before a card takes it in",
    ),
    (
        SKELETON,
        &[
            Text(TOML, "until    = \"frame 2 leaves\"", "until    = \"A: return connect\""),
            Text(
                TOML,
                "happens = \"A sends where arp\", when = '!A.arp(\"10.0.0.2\").resolved'",
                "happens = \"A sends where arp\"",
            ),
        ],
        "is passed on the way there, at turn",
    ),
    (
        SKELETON,
        &[
            Text(TOML, "until    = \"frame 2 leaves\"", "until    = \"A: enter inet_connect\""),
            Text(TOML, "never = \"A sends\"", "happens = \"A sends where udp\""),
        ],
        "is passed only behind that, at turn",
    ),
    (
        SKELETON,
        &[Text(TOML, "happens = \"A sends where arp\", ", "happens = \"A: enter ip_forward\", ")],
        "is never reached: ip_forward",
    ),
];

/// The lessons of the table, and some that are made: without beats, without a question, with far too many beats.
fn broken() -> Vec<(Files, &'static str)> {
    let mut all: Vec<(Files, &str)> = ROWS.iter().map(|(base, edits, part)| (changed(base, edits), *part)).collect();
    let toml = |change: &dyn Fn(&str) -> String| {
        let mut files = lesson(SKELETON);
        let (_, text) = files.files.iter_mut().find(|(name, _)| name == TOML).expect("it is there");
        *text = change(text);
        files
    };
    let before_beats = |text: &str| text.split("[[beat]]").next().unwrap_or_default().to_owned();
    all.push((toml(&|text| format!("beat = []\n{}", before_beats(text))), "a lesson has beats: add a [[beat]]"));
    let shows = |count: usize| -> String {
        (0..count).map(|number| format!("[[beat]]\nid = \"show-{number}\"\nkind = \"show\"\n")).collect()
    };
    all.push((toml(&|text| before_beats(text) + &shows(1)), "no question: a lesson asks at least once"));
    all.push((toml(&|text| format!("{text}\n{}", shows(9))), "14 beats: at most 9"));
    all.push((
        toml(&|text| before_beats(text) + &shows(501)),
        "a learner whose way is \"right\" does not come to the end",
    ));
    all
}

fn lesson(name: &str) -> Files {
    let files = if name == SKELETON { content::skeleton("mine") } else { content::named(name) };
    files.unwrap_or_else(|| panic!("{name} is a lesson"))
}

fn changed(base: &str, edits: &[Edit]) -> Files {
    let mut files = lesson(base);
    for edit in edits {
        let (Text(name, ..) | Add(name, ..) | Whole(name, _) | Gone(name)) = edit;
        if let Gone(name) = edit {
            files.files.retain(|(own, _)| own != name);
            continue;
        }
        let (_, text) = files.files.iter_mut().find(|(own, _)| own == name).expect("the file is part of the lesson");
        match edit {
            Text(_, from, to) => {
                assert!(text.contains(from), "{base}/{name} does not contain {from:?}");
                *text = text.replacen(from, to, 1);
            }
            Add(_, words, count) => text.push_str(&words.repeat(*count)),
            Whole(_, words) => (*words).clone_into(text),
            Gone(_) => {}
        }
    }
    files
}

/// What the linter says of every broken lesson, in English; each says what its row expects.
fn met() -> BTreeSet<String> {
    let broken = broken();
    let say = |rows: &[(Files, &str)]| {
        let (mut said, mut unsaid) = (BTreeSet::new(), Vec::new());
        for (files, part) in rows {
            let told: Vec<String> = check(files).problems.into_iter().map(|problem| problem.message.en).collect();
            if !told.iter().any(|message| message.contains(part)) {
                unsaid.push(format!("{part:?} is not said, but: {}", told.join("; ")));
            }
            said.extend(told);
        }
        (said, unsaid)
    };
    // Two at a time: each plays its lesson with three seeds.
    let both = thread::scope(|scope| {
        let threads: Vec<_> =
            broken.chunks(broken.len().div_ceil(2)).map(|rows| scope.spawn(move || say(rows))).collect();
        threads.into_iter().map(|thread| thread.join().expect("it is checked")).collect::<Vec<_>>()
    });
    let unsaid: Vec<&String> = both.iter().flat_map(|(_, unsaid)| unsaid).collect();
    assert!(unsaid.is_empty(), "{unsaid:#?}");
    both.into_iter().flat_map(|(said, _)| said).collect()
}

/// The files whose sentences are rules.
fn sources() -> Vec<PathBuf> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files: Vec<PathBuf> =
        ["again/mod.rs", "file.rs", "lesson.rs", "text.rs"].map(|name| source.join(name)).into();
    for folder in ["check", "load"] {
        let entries = fs::read_dir(source.join(folder)).expect("the folder is there");
        files.extend(entries.map(|entry| entry.expect("it is read").path()));
    }
    files.sort();
    files
}

/// The texts between quotes of a source, without its remarks and tests.
fn literals(source: &str) -> Vec<String> {
    let source = source.split("#[cfg(test)]").next().unwrap_or_default();
    let lines = source.lines().filter(|line| !line.trim_start().starts_with("//"));
    let mut letters = lines.flat_map(|line| line.chars().chain(['\n'])).peekable();
    let mut found = Vec::new();
    while let Some(letter) = letters.next() {
        match letter {
            // A letter between quotes, such as '"'.
            '\'' if letters.peek() == Some(&'"') => {
                letters.next();
            }
            '"' => {
                let mut text = String::new();
                while let Some(letter) = letters.next() {
                    match letter {
                        '\\' => text.extend(letters.next()),
                        '"' => break,
                        letter => text.push(letter),
                    }
                }
                found.push(text);
            }
            _ => {}
        }
    }
    found
}

/// The English of the sentences that a source says in both languages: the last text of some length before each Chinese one.
fn sentences(source: &str) -> Vec<String> {
    let is_chinese = |text: &str| text.chars().any(|letter| ('\u{4e00}'..='\u{9fff}').contains(&letter));
    let is_said = |text: &&String| text.len() >= 6 && text.contains(' ');
    let mut english: Option<String> = None;
    let mut found = Vec::new();
    for text in literals(source) {
        if is_chinese(&text) {
            found.extend(english.take());
        } else if is_said(&&text) {
            english = Some(text);
        }
    }
    found
}

/// Whether a message is a sentence with its holes filled.
fn is_of(message: &str, sentence: &str) -> bool {
    let mut rest = message;
    fixed(sentence).iter().all(|part| match rest.find(part.as_str()) {
        Some(at) => {
            rest = rest.get(at + part.len()..).unwrap_or_default();
            true
        }
        None => false,
    })
}

/// What stands between the holes of a sentence; doubled braces are braces.
fn fixed(sentence: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut letters = sentence.chars().peekable();
    while let Some(letter) = letters.next() {
        let doubled = matches!(letter, '{' | '}') && letters.peek() == Some(&letter);
        match (letter, parts.last_mut()) {
            ('{', _) if !doubled => {
                letters.by_ref().take_while(|letter| *letter != '}').for_each(drop);
                parts.push(String::new());
            }
            (_, Some(part)) => {
                part.push(letter);
                letters.next_if(|_| doubled);
            }
            _ => {}
        }
    }
    parts
}

#[test]
fn every_rule_has_a_lesson_that_breaks_it() {
    let rules: Vec<(PathBuf, String)> = sources()
        .into_iter()
        .flat_map(|path| {
            let text = fs::read_to_string(&path).expect("it is read");
            sentences(&text).into_iter().map(move |sentence| (path.clone(), sentence))
        })
        .collect();
    assert!(rules.len() > 120, "only {} sentences were found", rules.len());
    let met = met();
    let is_met = |sentence: &str| met.iter().any(|message| is_of(message, sentence));
    let missing: Vec<String> = rules
        .iter()
        .filter(|(_, sentence)| !is_met(sentence))
        .map(|(path, sentence)| format!("{}: {sentence}", path.display()))
        .collect();
    assert!(missing.is_empty(), "no lesson of the table breaks these rules:\n{}", missing.join("\n"));
}

#[test]
fn sentences_are_read_out_of_a_source_as_they_stand() {
    let source = "say(\n  // \"not this\", \"不是\"\n  format!(\"beat {id}: say \\\"so\\\", as {{port}}\"), \"这样\");\nlet x = [\"a, b\", \"、\"];";
    assert_eq!(sentences(source), ["beat {id}: say \"so\", as {{port}}"]);
    assert!(is_of("beat one: say \"so\", as {port}", "beat {id}: say \"so\", as {{port}}"));
    assert!(is_of("{prot} is none", "{{{hole}}} is none") && !is_of("prot is none", "{{{hole}}} is none"));
    assert!(!is_of("beat one: say \"no\", as {port}", "beat {id}: say \"so\", as {{port}}"));
}
