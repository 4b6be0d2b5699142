//! The runner of scripts where no golden one goes: calls of a process that is still busy, calls that never return,
//! interrupts that never come, the model peer, and what a script may say in more than one way.

use std::fs;
use std::path::Path;

use stack::lab::conformance::{Reading, Run, compare, run_script};
use stack::lab::script::parse;
use stack::wire::FrameSummary;

const SERVER: &str = "0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n+0 bind(3, ..., ...) = 0\n+0 listen(3, 5) = 0\n";
const OPEN: &str = "+0 < S 0:0(0) win 32792 <mss 1460>\n+0 > S. 0:0(0) ack 1 <...>\n+.1 < . 1:1(0) ack 1 win 32792\n\
                    +0 accept(3, ..., ...) = 4\n";

fn run(text: &str) -> Run {
    run_as(text, Reading::Packetdrill)
}

fn run_as(text: &str, reading: Reading) -> Run {
    let script = parse(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    run_script(&script, reading).unwrap_or_else(|failure| panic!("{}\n{text}", failure.message.en))
}

/// The sentences about what differs, each with its line.
fn differences(text: &str, reading: Reading) -> Vec<String> {
    let script = parse(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    let found = compare(&script, &run_as(text, reading));
    found.iter().map(|one| format!("{}: {}", one.position.line, one.message.en)).collect()
}

fn passes(text: &str) {
    assert_eq!(differences(text, Reading::Packetdrill), Vec::<String>::new(), "{text}");
}

#[test]
fn a_process_makes_its_next_call_when_it_is_back_from_the_one_before() {
    let text = format!(
        "{SERVER}+0...0.30 accept(3, ..., ...) = 4\n+.1 write(4, ..., 10) = 10\n+0 < S 0:0(0) win 32792\n+0 > S. 0:0(0) ack 1 <...>\n\
         +.2 < . 1:1(0) ack 1 win 32792\n+0 > P. 1:11(10) ack 1\n"
    );
    let said = differences(&text, Reading::Packetdrill);
    assert_eq!(said[0], "5: this call was made at 0.300000 sec: its process was in the call before it until then");
    let printed = run(&text).script.to_string();
    assert!(
        printed.contains("+0.20 < . 1:1(0) ack 1 win 32792\n+0.00 write(4, ..., 10) = 10\n+0.00 > P."),
        "{printed}"
    );
    passes(&printed);
}

#[test]
fn a_call_that_never_returns_is_no_success() {
    let said = differences(&format!("{SERVER}+0 accept(3, ..., ...) = 4\n+1 close(3) = 0\n"), Reading::Recorded);
    assert_eq!(
        said,
        [
            "4: runtime error in accept call: the call never returned",
            "5: this call was never made: its process did not come back from the call before it"
        ]
    );
}

#[test]
fn an_interrupt_that_never_comes_is_named_and_written_down() {
    let text = format!("{SERVER}//@ irq memcpy_tofs 7\n+0 < R 9:9(0) win 5\n//@ end\n//@ tick sti 99 1\n{OPEN}");
    let never = "this interrupt never came: the call did not reach the point that often";
    assert_eq!(differences(&text, Reading::Packetdrill), [format!("4: {never}"), format!("7: {never}")]);
    let first = run(&text);
    let printed = first.script.to_string();
    let group =
        "listen(3, 5) = 0\n//@ irq memcpy_tofs 7\n+0.00 < R 9:9(0) win 5\n//@ end\n//@ tick sti 99 1\n+0.00 < S";
    assert!(printed.contains(group), "{printed}");
    // What was written runs the same again, datagram numbers included; beside a recording that is all there is to say.
    assert_eq!(run(&printed).frames, first.frames);
    assert_eq!(differences(&printed, Reading::Recorded), Vec::<String>::new());
}

#[test]
fn usual_ports_and_header_fields_may_be_written_or_left_out() {
    passes(&format!("{SERVER}{OPEN}").replace("> S. ", "> [ttl 64] 8080 > 40001 S. "));
    let wrong = format!("{SERVER}{OPEN}").replace("> S. ", "> 8081 > 40001 S. ");
    assert_eq!(differences(&wrong, Reading::Packetdrill), ["5: error handling packet: Timed out waiting for packet"]);
    let shown = compare(&parse(&wrong).unwrap(), &run(&wrong)).remove(0).actual_line.unwrap();
    assert!(shown.contains(" 8080 > 40001 S. 0:0(0)"), "beside ports that differ stand those of the stack: {shown}");
    // The RST to a segment that nobody waits for leaves with 255.
    let reset = "0 < . 5:5(0) ack 9 win 100\n+0 > R 9:9(0) win 0\n";
    passes(reset);
    assert_eq!(differences(reset, Reading::Recorded), ["2: error handling packet: the packets differ"]);
    passes(&reset.replace("> R", "> [ttl 255] R"));
}

#[test]
fn other_conversations_are_not_looked_at_unless_the_script_says_everything() {
    let text = format!("{SERVER}+0 < icmp echo_request\n+0 < 7 > 9 . 0:0(0) ack 1 win 5\n{OPEN}");
    passes(&text);
    assert_eq!(
        differences(&text, Reading::Recorded),
        ["5: error handling packet: a packet that the script does not have"]
    );
    passes(&text.replace("+0 < 7", "+0 > icmp echo_reply\n+0 < 7"));
    let missing = format!("{SERVER}+0 < icmp source_quench\n+0 > icmp echo_reply\n{OPEN}");
    assert_eq!(differences(&missing, Reading::Packetdrill), ["5: error handling packet: Timed out waiting for packet"]);
}

#[test]
fn names_and_numbers_of_values_mean_the_same() {
    passes(&format!(
        "{SERVER}{OPEN}+0 fcntl(4, F_SETFL, O_RDWR|O_NONBLOCK) = 0\n+0 read(4, ..., 9) = -1 EWOULDBLOCK (words)\n\
         +0 < R. 1:1(0) ack 1 win 5\n+0 getsockopt(4, SOL_SOCKET, SO_ERROR, [ECONNRESET], [4]) = 0\n"
    ));
}

#[test]
fn an_error_without_a_name_is_any_error() {
    // accept() on a socket that does not listen.
    let text = |first: &str, second: &str| {
        format!(
            "0 socket(..., SOCK_STREAM, 0) = 3\n+0 accept(3, ..., ...) = {first}\n+0 accept(3, ..., ...) = {second}\n"
        )
    };
    passes(&text("-1", "-1 (whatever)"));
    assert_eq!(differences(&text("0", "-1 EIO (x)"), Reading::Packetdrill).len(), 2);
}

#[test]
fn a_script_that_ends_with_what_it_expects_is_run_until_then() {
    // It comes after 0.21 s; packetdrill allows an eighth of the time since the line before.
    let text = format!("{SERVER}{OPEN}+0 write(4, ..., 9) = 9\n+0 > P. 1:10(9) ack 1\n+0.20 > P. 1:10(9) ack 1\n");
    passes(&text);
    let early = text.replace("+0.20 >", "+0.10 >");
    let wanted = "10: error handling packet: timing error: expected outbound packet at 0.200000 sec but happened at \
                  0.310000 sec; tolerance 0.012500 sec";
    assert_eq!(differences(&early, Reading::Packetdrill), [wanted]);
    passes(&format!("--tolerance_usecs=110000\n{early}"));
    passes(&format!("--tolerance_percent=110\n{early}"));
    passes(&text.replace("+0.20 >", "+0.10~+0.30 >"));
    let range = differences(&text.replace("+0.20 >", "+0.10~+0.15 >"), Reading::Packetdrill);
    assert!(
        range[0].contains("in relative time range +0.100000~+0.150000 sec but happened at +0.210000 sec"),
        "{range:?}"
    );
    // Held to everything, it has to come at its tick.
    assert_eq!(differences(&text, Reading::Recorded), ["10: error handling packet: Timed out waiting for packet"]);
    passes(&format!("{SERVER}+0...0.51 select(4, {{3}}, NULL, NULL, [500]) = 0 <{{}}, NULL, NULL, [0]>\n"));
}

#[test]
fn a_line_may_stand_for_several_segments_unless_the_script_says_everything() {
    let text = format!(
        "{SERVER}{OPEN}+0 write(4, ..., 512) = 512\n+0 > P. 1:513(512) ack 1\n+0 < . 1:1(0) ack 513 win 32792\n\
         +0 write(4, ..., 1024) = 1024\n+0 > P. 513:1537(1024) ack 1\n"
    )
    .replace("1460", "512");
    passes(&text);
    assert!(!differences(&text, Reading::Recorded).is_empty());
    let short = text.replace("513:1537(1024)", "513:1613(1100)");
    // The next packet of the flow is taken for the rest: the first one again, a second later.
    let again = "12: error handling packet: live packet field tcp_seq: expected: 1537 (0x601) vs actual: 513 (0x201)";
    assert_eq!(differences(&short, Reading::Packetdrill), [again]);
    let strict = format!("--strict_segments\n{text}");
    let length = "13: error handling packet: live packet payload: expected 1024 bytes vs actual 512 bytes";
    assert_eq!(differences(&strict, Reading::Packetdrill)[0], length);
}

#[test]
fn an_icmp_error_without_a_quote_is_about_the_default_flow() {
    let text = "0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n\
                +0...0.1 connect(3, ..., ...) = -1 ECONNREFUSED (Connection refused)\n+0 > S 0:0(0) <...>\n\
                +.1 < icmp unreachable code_3\n";
    passes(text);
    let quench = run("0 < icmp type_4\n").frames;
    assert_eq!(quench[0].bytes.len(), 14 + 20 + 8 + 28);
}

#[test]
fn definitions_and_the_flags_of_accurate_ecn_are_read() {
    let text = format!("--define=FD=3\n--define=KIND=SOCK_STREAM\n{SERVER}{OPEN}");
    passes(&text.replace("SOCK_STREAM,", "KIND,").replace("(3,", "(FD,").replace("= 3\n", "= FD\n"));
    let frames = run("0 < SEWA 0:0(0) win 5\n+0 < P.5 1:1(0) ack 1 win 5\n").frames;
    let flags: Vec<[u8; 2]> =
        frames.iter().filter(|frame| !frame.outbound).map(|frame| [frame.bytes[46] & 15, frame.bytes[47]]).collect();
    assert_eq!(flags, [[1, 0xc2], [1, 0x58]], "{:?}", FrameSummary::of(&frames[0].bytes).to_string());
    assert!(parse("--define=FD\n0 close(3) = 0").is_err());
    assert!(parse("--define=FD=3 4\n0 close(3) = 0").is_err());
}

#[test]
fn an_empty_group_stays_empty_when_it_is_written_down() {
    let text = format!(
        "{SERVER}{OPEN}+0 write(4, ..., 9) = 9\n//@ irq memcpy_fromfs 1\n//@ end\n+0 > P. 1:10(9) ack 1\n\
                        +.1 < . 1:1(0) ack 10 win 5\n"
    );
    passes(&text);
    let printed = run(&text).script.to_string();
    assert!(printed.contains("//@ irq memcpy_fromfs 1\n//@ end\n+0.00 > P."), "{printed}");
    assert_eq!(run(&printed).frames, run(&text).frames);
}

/// A golden script with its acknowledgements taken out and the model peer put in their place.
fn with_model_peer(text: &str, orders: &str) -> String {
    let (mut out, mut now, mut peer) = (String::new(), 0_u64, false);
    for line in text.lines() {
        let Some((time, rest)) = line.strip_prefix('+').and_then(|line| line.split_once(' ')) else {
            out.push_str(&format!("{line}\n"));
            continue;
        };
        let digits: String = time.split("...").next().unwrap().chars().filter(char::is_ascii_digit).collect();
        now += digits.parse::<u64>().unwrap();
        let at = format!("{}.{:02}", now / 100, now % 100);
        if !peer && rest.starts_with("write(") {
            out.push_str(&format!("{at} `autoack {orders}`\n"));
            peer = true;
        }
        if !(rest.starts_with('>') || peer && rest.starts_with("< .")) {
            out.push_str(&format!("{at} {rest}\n"));
        }
    }
    out
}

#[test]
fn the_model_peer_acknowledges_as_in_the_golden_scripts() {
    for (name, orders) in [
        ("bulk_close", "50 32792 1"),
        ("loss_one", "100 32792 1 drop 6"),
        ("loss_rexmit_lost", "100 32792 1 drop 6,11,12"),
        ("loss_two", "100 32792 1 drop 6,7"),
        ("slow_start_every2", "100 32792 1 every 2"),
        ("slow_start_smallmss", "50 32792 1"),
    ] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/golden/data/{name}.pkt"));
        let golden = fs::read_to_string(path).unwrap();
        let input = with_model_peer(&golden, orders);
        assert!(input.contains("autoack") && !input.contains("ack 2873"), "{input}");
        assert_eq!(run(&input).script.to_string(), golden, "{name}");
    }
    // What the peer says is no line of the script, so only what the stack sends is compared.
    let text =
        format!("{SERVER}{OPEN}+0 `autoack 10 500 1`\n+0 write(4, ..., 9) = 9\n+0 > P. 1:10(9) ack 1\n+1 `true`\n");
    passes(&text);
    assert!(run(&text).script.to_string().contains("+0.01 < . 1:1(0) ack 10 win 500\n"));
    let refused = run_script(&parse("0 `autoack 10 1`\n").unwrap(), Reading::Packetdrill).unwrap_err();
    assert!(refused.message.en.contains("autoack DELAY_MS WIN SEQ"), "{}", refused.message.en);
}

#[test]
fn a_line_counts_from_what_really_happened_before_it() {
    // The SYN comes again after 3.01 s, and the close 1 s behind that.
    let text = format!(
        "{SERVER}+.1 < S 0:0(0) win 8192\n+0 > S. 0:0(0) ack 1 <...>\n* > S. 0:0(0) ack 1 <...>\n+1 close(3) = 0\n"
    );
    passes(&text);
    let happened = run(&text);
    let close = happened.script.lines.iter().position(|line| line.to_string().contains("close")).unwrap();
    assert_eq!(happened.times[close].0, 411);
    // An absolute time that has passed by then is late, and packetdrill says by how much.
    let late = text.replace("+1 close", "1 close");
    assert_eq!(
        differences(&late, Reading::Packetdrill),
        [
            "7: timing error: expected system call start at 1.000000 sec but happened at 3.110000 sec; tolerance 0.112500 sec"
        ]
    );
}

#[test]
fn a_packet_that_never_comes_shows_the_next_one_of_the_stack_and_delays_nothing() {
    let text = format!(
        "{SERVER}+.1 < S 0:0(0) win 8192\n+0 > S. 0:0(0) ack 1 <...>\n+.5 > . 7:7(0) ack 1\n+.5 close(3) = 0\n"
    );
    let script = parse(&text).unwrap();
    let found = compare(&script, &run(&text));
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].position.line, 6);
    let none = text.replace("+.5 > . 7:7(0) ack 1", "+.5 > udp (3)");
    let found = compare(&parse(&none).unwrap(), &run(&none));
    assert_eq!(found[0].message.en, "error handling packet: Timed out waiting for packet");
    assert_eq!(found[0].actual_line, None, "nothing of the stack is left to show");
    assert!(run(&none).script.to_string().contains("+1.00 close(3)"), "{}", run(&none).script);
}

#[test]
fn the_first_event_is_at_time_0() {
    let socket = "+0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n";
    passes(socket);
    let late = socket.replace("+0", "+.1");
    assert_eq!(differences(&late, Reading::Packetdrill), ["1: first event should be at time 0"]);
}

#[test]
fn descriptors_are_names() {
    let text = format!(
        "{SERVER}{OPEN}+0 select(8, {{7}}, {{}}, NULL, [0]) = 0 <{{}}, {{}}, NULL, [0]>\n+.1 < P. 1:4(3) ack 1 win 9\n\
        +0 > . 1:1(0) ack 4\n+0 select(8, {{7}}, {{}}, NULL, [0]) = 1 <{{7}}, {{}}, NULL, [0]>\n+0 close(3) = -1 EBADF (x)\n\
        +0 close(7) = 0\n+0 close(7) = -1 EBADF (x)\n"
    );
    // The script calls the listener 5 and the connection 7, whatever the kernel calls them; packetdrill makes no call with
    // any other number.
    let text = text.replace("(3,", "(5,").replace("TCP) = 3", "TCP) = 5").replace("...) = 4", "...) = 7");
    let unknown = ["12: runtime error in close call: unable to find fd with script fd 3"];
    let closed = ["14: runtime error in close call: unable to find fd with script fd 7"];
    assert_eq!(differences(&text, Reading::Packetdrill), [unknown, closed].concat());
}

#[test]
fn only_the_flow_that_a_line_means_is_looked_at() {
    // A datagram socket that is connected settles the flow of datagrams, not that of segments.
    let udp = "+0 socket(..., SOCK_DGRAM, IPPROTO_UDP) = 5\n+0 connect(5, ..., ...) = 0\n+0 write(5, ..., 9) = 9\n+0 > udp (9)\n";
    passes(
        &format!("{SERVER}{udp}{OPEN}+0 < udp (4)\n+0 read(5, ..., 9) = 4\n").replace("= 4\n+0 < udp", "= 6\n+0 < udp"),
    );
    // A port that is bound otherwise is the port of the lines behind listen().
    let bound = SERVER.replacen(
        "bind(3, ..., ...)",
        "bind(3, {sa_family = AF_INET, sin_port = htons(99), sin_addr = inet_addr(\"0.0.0.0\")}, 16)",
        1,
    );
    passes(&format!("{bound}{OPEN}"));
    // A quote may name its ports.
    passes("0 < icmp unreachable port_unreachable [udp 8080 > 40001 (12)]\n");
}

#[test]
fn asserts_about_the_connection_are_asked_of_the_sock() {
    let text = format!(
        "{SERVER}{OPEN}+0 %{{ assert tcpi_snd_cwnd == 1, tcpi_snd_cwnd\nassert tcpi_state == 1 and tcpi_unacked == 0 }}%\n"
    );
    passes(&text);
    assert!(run(&text).skipped.is_empty());
    let wrong = text.replace("cwnd == 1", "cwnd == 10");
    assert_eq!(
        differences(&wrong, Reading::Packetdrill),
        ["8: error executing code: assert tcpi_snd_cwnd == 10: it is 1"]
    );
    let other = text.replace("tcpi_state", "tcpi_reordering");
    passes(&other);
    assert_eq!(run(&other).skipped.len(), 1);
}

#[test]
fn library_calls_are_made_of_the_calls_there_are() {
    passes(&format!(
        "{SERVER}{OPEN}+0 poll([{{fd=4, events=POLLIN|POLLOUT, revents=POLLOUT}}], 1, -1) = 1\n\
         +0 writev(4, [{{\"ab\", 2}}, {{..., 3}}], 2) = 5\n+0 > P. 1:6(5) ack 1\n+.1 < P. 1:11(10) ack 6 win 900\n+0 > . 6:6(0) ack 11\n\
         +0 readv(4, [{{..., 4}}, {{..., 100}}], 2) = 10\n+0...0.50 poll([{{fd=4, events=POLLIN, revents=0}}], 1, 500) = 0\n"
    ).replace("+0...0.50", "+0...0.51"));
    let refused = run_script(&parse("0 epoll_create(1) = 3\n").unwrap(), Reading::Packetdrill).unwrap_err();
    assert!(refused.message.en.contains("scripts make no system call 'epoll_create'"), "{refused:?}");
}
