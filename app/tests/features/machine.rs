//! The machine, visible: registers, tables, processes, socks, and the person's own copy of the kernel.

use std::fs;
use std::path::{Path, PathBuf};

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::Rect;
use sockscope::catalog;
use sockscope::i18n::Lang;
use sockscope::open::kernel_source::KernelSource;
use sockscope::picture::cpu::CpuRow;
use sockscope::picture::sock_list::SockPlace;
use sockscope::picture::tables::{Lit, TableRow};
use sockscope::picture::{KernelCode, Pane, Picture};
use sockscope::session::motion::{Direction, Motion};
use sockscope::session::{PictureRequest, Session};
use sockscope::tui::action::Action;
use sockscope::tui::app::App;
use sockscope::tui::event::ScreenEvent;
use sockscope::tui::screen;
use sockscope::tui::theme::{Depth, Palette, Theme};
use sockscope::tui::ui_state::UiState;

use crate::driving::{picture, session, shown};

/// Walks from the start to a place of the language of stops.
fn at(session: &mut Session, place: &str) -> Picture {
    session.toggle_stop(place).unwrap();
    let answer = session.travel(Motion::Run, Direction::Forward);
    assert!(session.settle(answer).moved(), "nothing is at {place}");
    session.toggle_stop(place).unwrap();
    picture(session)
}

fn row<'a>(picture: &'a Picture, name: &str) -> &'a CpuRow {
    picture.cpu.iter().find(|row| row.name == name).unwrap_or_else(|| panic!("{name}: {:#?}", picture.cpu))
}

/// What is lit in a table: index and, where links are lit, their targets.
fn lit(picture: &Picture, table: &str, wanted: Lit) -> Vec<(String, Vec<String>)> {
    let mut here = "";
    let mut found = Vec::new();
    for row in &picture.tables.rows {
        match row {
            TableRow::Heading { name, .. } => here = name,
            TableRow::Entry { index, links, lit, .. } if here == table && *lit == wanted => {
                let links = links.iter().filter(|link| link.lit == wanted).map(|link| link.target.clone());
                found.push((index.clone(), links.collect()));
            }
            TableRow::Entry { .. } => {}
        }
    }
    found
}

fn one(index: &str, target: &str) -> Vec<(String, Vec<String>)> {
    vec![(index.to_owned(), vec![target.to_owned()])]
}

fn app(session: Session, lang: Lang) -> App {
    App::new(catalog::standard(), Some(session), UiState::new(Theme::new(Palette::Mono, Depth::Indexed), lang))
}

fn press(app: &mut App, keys: &str) {
    for key in keys.chars() {
        app.handle(ScreenEvent::Key(KeyEvent::new(KeyCode::Char(key), KeyModifiers::NONE)));
    }
}

fn press_key(app: &mut App, code: KeyCode) {
    app.handle(ScreenEvent::Key(KeyEvent::new(code, KeyModifiers::NONE)));
}

#[test]
fn row_12_the_stack_reaches_from_connect_to_the_card_and_names_each_layer() {
    let mut session = session();
    let seen = at(&mut session, "A: enter dev_queue_xmit");
    // The first frame is the ARP request of the SYN: the whole way down from the call is on the stack.
    let functions: Vec<&str> = seen.stack.iter().rev().map(|call| call.function.as_str()).collect();
    let wanted = ["system_call", "sys_socketcall", "sock_connect", "inet_connect", "tcp_connect", "ip_queue_xmit"];
    let places: Vec<usize> = wanted
        .iter()
        .map(|name| functions.iter().position(|known| known == name).unwrap_or_else(|| panic!("{name}: {functions:?}")))
        .collect();
    assert!(places.is_sorted(), "{functions:?}");
    let layers: Vec<&str> = seen.stack.iter().rev().map(|call| call.layer.tag()).collect();
    for layer in ["TRAP", "BSD", "INET", "TCP", "IP", "DEV"] {
        assert!(layers.contains(&layer), "{layer}: {layers:?}");
    }
}

#[test]
fn row_13_a_socket_call_shows_its_registers_and_what_they_mean() {
    let mut session = session();
    let inside = at(&mut session, "A: enter sys_socketcall");
    assert_eq!((row(&inside, "EAX").value.as_str(), row(&inside, "EBX").value.as_str()), ("102", "1"));
    assert_eq!(row(&inside, "EAX").meaning, "sys_call_table[102] = sys_socketcall");
    assert_eq!(row(&inside, "EBX").meaning, "SYS_SOCKET");
    assert_eq!(row(&inside, "ECX").meaning, "points at (AF_INET, SOCK_STREAM, 0)");
    let words: Vec<(&str, &str)> = ["[ECX+0]", "[ECX+4]", "[ECX+8]"]
        .map(|name| (row(&inside, name).value.as_str(), row(&inside, name).meaning.as_str()))
        .to_vec();
    assert_eq!(words, [("2", "AF_INET"), ("1", "SOCK_STREAM"), ("0", "0")]);
    assert_eq!(row(&inside, "mode").value, "kernel");
    assert_eq!(
        (row(&inside, "stack").value.as_str(), row(&inside, "stack").meaning.as_str()),
        ("pid 100", "kernel stack of get")
    );
    assert_eq!(row(&inside, "IF").value, "1", "the gate of int 0x80 is a trap gate");
    // On the way back EAX holds the result, and the change is marked.
    let back = at(&mut session, "A: enter ret_from_sys_call");
    assert_eq!((row(&back, "EAX").value.as_str(), row(&back, "EAX").meaning.as_str()), ("3", "the result: 3"));
    // In front of the trap the program has loaded its registers and is a program still.
    let before = at(&mut session, "A: call connect");
    assert_eq!((row(&before, "mode").value.as_str(), row(&before, "EBX").meaning.as_str()), ("user", "SYS_CONNECT"));
    assert_eq!(row(&before, "ECX").meaning, "points at (3, 10.0.0.2:80, 16)");
}

#[test]
fn row_13_a_frame_marks_its_bottom_half_and_runs_on_a_borrowed_stack() {
    let mut session = session();
    let marks = at(&mut session, "B: enter mark_bh");
    assert_eq!(row(&marks, "bh_active").meaning, "none");
    assert_eq!(row(&marks, "bh_mask").meaning, "TIMER_BH | NET_BH");
    assert!(session.travel(Motion::Out, Direction::Forward).moved());
    let marked = picture(&mut session);
    let net = marked.cpu.iter().find(|row| row.name == "bh_base[4]").unwrap();
    assert_eq!((net.value.as_str(), net.meaning.as_str()), ("net_bh", "enabled and marked: runs at the next chance"));
    let runs = at(&mut session, "B: enter net_bh");
    assert_eq!(row(&runs, "intr_count").value, "1");
    assert!(row(&runs, "stack").meaning.contains("none of its own"), "{:?}", row(&runs, "stack"));
    assert_eq!(lit(&runs, "bh_base", Lit::Step), one("[4]", "net_bh"));
}

#[test]
fn row_13_every_dispatch_lights_the_entry_that_it_goes_through() {
    let mut session = session();
    let gate = at(&mut session, "A: enter system_call");
    assert_eq!(lit(&gate, "idt", Lit::Step), one("[0x80]", "system_call"));
    let table = at(&mut session, "A: enter sys_socketcall");
    assert_eq!(lit(&table, "sys_call_table", Lit::Step), one("[102]", "sys_socketcall"));
    assert_eq!(lit(&table, "idt", Lit::Way), one("[0x80]", "system_call"));
    let family = at(&mut session, "A: enter inet_create");
    assert_eq!(lit(&family, "pops", Lit::Step), one("[0]", "inet_proto_ops"));
    assert_eq!(lit(&family, "sys_call_table", Lit::Way), one("[102]", "sys_socketcall"));
    let way: Vec<&str> = family.tables.way.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(way, ["idt[0x80]", "sys_call_table[102]", "pops[0]"]);
    let arp = at(&mut session, "B: enter arp_rcv");
    assert_eq!(lit(&arp, "ptype_base", Lit::Step), one("", "arp_rcv"));
    let ip = at(&mut session, "B: enter ip_rcv");
    assert_eq!(lit(&ip, "ptype_base", Lit::Step), one("", "ip_rcv"));
    assert!(lit(&ip, "idt", Lit::Way).is_empty(), "a frame does not come through int 0x80");
    let tcp = at(&mut session, "B: enter tcp_rcv");
    assert_eq!(lit(&tcp, "inet_protos", Lit::Step), one("[6]", "tcp_rcv"));
    assert_eq!(lit(&tcp, "ptype_base", Lit::Way), one("", "ip_rcv"));
    let sock = at(&mut session, "B: enter get_sock");
    assert_eq!(lit(&sock, "tcp_prot.sock_array", Lit::Step), [("[80]".to_owned(), Vec::new())]);
    assert!(session.travel(Motion::Micro, Direction::Forward).moved());
    let found = picture(&mut session);
    assert_eq!(lit(&found, "tcp_prot.sock_array", Lit::Step), one("[80]", "B/sk#2"));
}

#[test]
fn row_13_what_a_table_shows_is_what_stands_in_it() {
    use sockscope::picture::tables::tables;

    let mut session = session();
    at(&mut session, "A: enter tcp_connect");
    let moment = session.moment();
    let snapshot = session.run().seek(moment);
    let mut kernel = snapshot.world.hosts[0].kernel.clone();
    let before = kernel.clone();
    kernel.sys_call_table.set(102, None);
    let rows = tables(&kernel, &before, "A", &snapshot.film, 0, Lang::En);
    let entry = rows.rows.iter().find(|row| matches!(row, TableRow::Entry { index, .. } if index == "[102]")).unwrap();
    let TableRow::Entry { links, changed, .. } = entry else { unreachable!() };
    assert!(links.is_empty() && *changed, "{entry:?}");
}

#[test]
fn row_16_the_two_states_stand_side_by_side_and_differ_in_tcp_connect() {
    let mut session = session();
    let seen = at(&mut session, "A: state *->SYN_SENT");
    let field = |name: &str| seen.socks[0].fields.iter().find(|field| field.name == name).unwrap().value.clone();
    assert_eq!((field("state").as_str(), field("socket_state").as_str()), ("TCP_SYN_SENT", "SS_UNCONNECTED"));
    let row = seen.sock_list.rows.iter().find(|row| row.name == "A/sk#2").unwrap();
    assert_eq!((row.state.as_str(), row.socket_state), ("SYN_SENT", "SS_UNCONNECTED"));
    assert!(seen.stack.iter().any(|call| call.function == "tcp_connect"), "still inside tcp_connect");
}

#[test]
fn processes_tell_where_each_sleeps_and_what_was_done() {
    let mut session = session();
    let seen = at(&mut session, "A: enter tcp_connect");
    let server = seen.processes.iter().find(|process| process.name == "B pid 100").unwrap();
    assert_eq!((server.program.as_str(), server.state), ("httpd", "TASK_INTERRUPTIBLE"));
    assert!(server.call.starts_with("accept(3"), "{}", server.call);
    assert_eq!(server.sleep, "asleep in tcp_accept on i_wait of inode#2 (B/sk#2)");
    assert_eq!(server.done.first().map(String::as_str), Some("no child is established yet"));
    assert!(
        server.done.iter().any(|done| done.starts_with("inode#") && done.ends_with("is made for the conversation"))
    );
    let client = seen.processes.iter().find(|process| process.name == "A pid 100").unwrap();
    assert!(client.runs && client.state == "TASK_RUNNING");
    assert_eq!(client.call, "connect(3, 10.0.0.2:80, 16)");
    let socket = client.descriptors.last().unwrap();
    let chain = &socket.chain;
    assert_eq!(chain.join(" → "), "fd 3 → file#4 → inode#2 SS_UNCONNECTED → A/sk#2 CLOSE");
    assert_eq!(socket.sock, Some(SockPlace { host: 0, number: 2 }));
    // The client falls asleep in its turn, and says so in Chinese too.
    let asleep = at(&mut session, "A: sleeps 100");
    let client = asleep.processes.iter().find(|process| process.name == "A pid 100").unwrap();
    assert!(client.changed);
    assert_eq!(client.sleep, "asleep in inet_connect on i_wait of inode#2 (A/sk#2)");
    let chinese = session.picture(PictureRequest { switched: 0, relative: true, lang: Lang::Zh });
    let client = chinese.processes.iter().find(|process| process.name == "A pid 100").unwrap();
    assert_eq!(client.sleep, "在 inet_connect 中睡眠，队列 i_wait：inode#2 (A/sk#2)");
    assert_eq!(client.done, ["tcp_connect 已执行，握手仍在进行"]);
}

#[test]
fn the_list_has_the_socks_of_all_hosts_and_choosing_decides_what_is_shown() {
    let mut session = session();
    let seen = at(&mut session, "B: enter tcp_conn_request");
    let names: Vec<&str> = seen.sock_list.rows.iter().map(|row| row.name.as_str()).collect();
    assert_eq!(names, ["A/sk#1", "A/sk#2", "B/sk#1", "B/sk#2"]);
    assert_eq!(seen.sock_list.rows[0].owner, "pid 103 (start-up) fd 3");
    assert_eq!(seen.sock_list.rows[1].owner, "pid 100 get fd 3");
    assert_eq!((seen.socks[0].name.as_str(), seen.host), ("B/sk#2", 1));
    session.choose_sock(Some(SockPlace { host: 0, number: 2 }));
    let chosen = picture(&mut session);
    assert_eq!((chosen.socks[0].name.as_str(), chosen.state.sock.as_str(), chosen.host), ("A/sk#2", "A/sk#2", 0));
    assert!(chosen.queues.rows.iter().any(|queue| queue.name == "send_head" && !queue.skbs.is_empty()));
    assert_eq!(chosen.acting, 1, "the step is another matter");
    // It holds on every step, and where there is no such sock none is shown instead of it.
    session.travel(Motion::Into, Direction::Forward);
    assert_eq!(picture(&mut session).socks[0].name, "A/sk#2");
    session.choose_sock(Some(SockPlace { host: 1, number: 4 }));
    let missing = picture(&mut session);
    assert!(missing.socks.is_empty() && missing.state.now.is_none());
    assert!(missing.sock_list.chosen.as_ref().is_some_and(|chosen| !chosen.lives && chosen.name == "B/sk#4"));
    let born = at(&mut session, "B: born SYN_RECV");
    assert_eq!(born.socks[0].name, "B/sk#4");
    session.choose_sock(None);
    assert_eq!(picture(&mut session).sock_list.chosen, None);
}

#[test]
fn a_sock_without_a_descriptor_says_where_it_is_kept() {
    let mut session = session();
    let seen = at(&mut session, "B: born SYN_RECV");
    assert_eq!(seen.sock_list.rows.iter().find(|row| row.name == "B/sk#4").unwrap().state, "SYN_RECV");
    let queued = at(&mut session, "B: state *->ESTABLISHED");
    let child = queued.sock_list.rows.iter().find(|row| row.name == "B/sk#4").unwrap();
    assert_eq!((child.owner.as_str(), child.socket_state), ("waits for accept() on B/sk#2", "NULL"));
    // Between its creation and its descriptor a sock belongs to the inode alone.
    let made = at(&mut session, "B: leave inet_create");
    let own = made.sock_list.rows.iter().find(|row| row.place == made.sock_list.shown.unwrap()).unwrap();
    assert!(own.owner.ends_with("no descriptor leads to it"), "{}", own.owner);
}

#[test]
fn braces_walk_the_socks_and_escape_follows_the_step_again() {
    let mut session = session();
    at(&mut session, "B: enter tcp_conn_request");
    let mut app = app(session, Lang::En);
    let followed = shown(&mut app, (80, 24));
    press(&mut app, "2");
    press(&mut app, "}}");
    assert!(shown(&mut app, (80, 24)).contains("2 Sock · chosen A/sk#2"), "{}", shown(&mut app, (80, 24)));
    press(&mut app, "}}");
    assert!(shown(&mut app, (80, 24)).contains("2 Sock · chosen B/sk#2"));
    press(&mut app, "}");
    assert_eq!(app.picture().sock_list.chosen, None, "past the end the panes follow the step");
    press(&mut app, "{");
    assert!(shown(&mut app, (80, 24)).contains("2 Sock · chosen B/sk#2"));
    press(&mut app, "zs");
    press_key(&mut app, KeyCode::Esc);
    assert!(app.picture().sock_list.chosen.is_some() && !app.ui().zoomed, "the zoom is left first");
    press_key(&mut app, KeyCode::Esc);
    assert_eq!(app.picture().sock_list.chosen, None);
    assert!(!shown(&mut app, (80, 24)).contains("chosen"));
    press(&mut app, "S1");
    assert_eq!(shown(&mut app, (80, 24)), followed, "nothing of it stays");
}

#[test]
fn enter_and_the_mouse_choose_in_the_list_and_a_descriptor_leads_to_its_sock() {
    let mut session = session();
    at(&mut session, "A: enter tcp_connect");
    let mut app = app(session, Lang::En);
    press(&mut app, "gph");
    shown(&mut app, (80, 24));
    press_key(&mut app, KeyCode::Down);
    press_key(&mut app, KeyCode::Down);
    press_key(&mut app, KeyCode::Enter);
    assert_eq!(app.picture().sock_list.chosen.as_ref().map(|chosen| chosen.name.as_str()), Some("A/sk#2"));
    // Two lines each: the first row follows the step, B/sk#1 stands on lines 7 and 8.
    let area = screen::layout(Rect::new(0, 0, 80, 24), app.ui(), app.picture());
    let place = area.panes.iter().find(|(pane, _)| *pane == Pane::Socks).unwrap().1;
    for (line, wanted) in [(7, Some("B/sk#1")), (1, None)] {
        let click = MouseEvent {
            kind: MouseEventKind::Down(MouseButton::Left),
            column: place.x + 4,
            row: place.y + line,
            modifiers: KeyModifiers::NONE,
        };
        app.handle(ScreenEvent::Mouse(click));
        let chosen = app.picture().sock_list.chosen.as_ref().map(|chosen| chosen.name.as_str());
        assert_eq!(chosen, wanted, "line {line}");
    }
    press(&mut app, "gpr");
    press(&mut app, "/B/sk#2 LISTEN");
    press_key(&mut app, KeyCode::Enter);
    press_key(&mut app, KeyCode::Enter);
    assert_eq!(app.picture().sock_list.chosen.as_ref().map(|chosen| chosen.name.as_str()), Some("B/sk#2"));
}

/// Behind the closed window 1000 bytes wait on write_queue: their header says no length yet, for ip_queue_xmit writes it.
#[test]
fn row_13_what_ip_has_not_seen_yet_shows_its_bytes_and_where_they_lie() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../assets/scenes/gallery/zero_window.pkt");
    let mut session = catalog::scene(Some(Path::new(path))).unwrap();
    let picture = at(&mut session, "timer TIME_PROBE0 fires");
    let waiting = picture.queues.rows.iter().find(|queue| queue.name == "write_queue").unwrap();
    let buffer = waiting.skbs.first().unwrap();
    assert_eq!((buffer.label.as_str(), buffer.range.as_str()), ("1000 B", "24688..25688"));
    let request = PictureRequest { switched: 0, relative: true, lang: Lang::En };
    let card = session.skb_card((0, buffer.number), request).unwrap();
    let row = |name: &str| card.rows.iter().find(|row| row.0 == name).unwrap();
    assert_eq!(row("data").1, "54..1054", "Ethernet, IP and TCP headers take 54 bytes");
    assert_eq!(row("seq").2, "sequence numbers it takes, from the start of the connection");
}

#[test]
fn row_48_the_new_panes_zoom_pin_and_come_back_at_every_size_in_both_languages() {
    for lang in [Lang::En, Lang::Zh] {
        for size in [(80, 24), (120, 35), (160, 45), (200, 60)] {
            for pane in [Pane::Cpu, Pane::Tables, Pane::Processes, Pane::Socks] {
                let mut session = session();
                at(&mut session, "B: enter tcp_rcv");
                let mut app = app(session, lang);
                app.act(Action::Pane(pane));
                let once = shown(&mut app, size);
                app.act(Action::Zoom);
                let zoomed = shown(&mut app, size);
                assert_ne!(zoomed, once);
                app.act(Action::Zoom);
                assert_eq!(shown(&mut app, size), once, "{} at {size:?}", pane.id());
                app.act(Action::Pin);
                assert_eq!(app.ui().pinned, pane);
                shown(&mut app, size);
            }
        }
    }
}

/// A made-up tree: no line of it is the kernel's.
fn made_up_tree(name: &str) -> PathBuf {
    let root = std::env::temp_dir().join(format!("sockscope-{name}-{}", std::process::id()));
    fs::create_dir_all(root.join("net/inet")).unwrap();
    let tcp = "/* A toy: tcp_connect(nothing) { */\nextern int tcp_connect(int toy);\n\nstatic int\ntcp_connect(int toy)\n{\n\tif (toy == '}')\n\t\treturn blue(toy);\n\treturn red(\x1b]0;OWNED\x07);\n}\n\nint other(void) { return tcp_connect(7); }\n";
    fs::write(root.join("net/inet/tcp.c"), tcp).unwrap();
    root
}

fn on_tcp_connect(root: &Path, lang: Lang) -> App {
    let mut session = session();
    at(&mut session, "A: enter tcp_connect");
    app(session, lang).with_kernel_source(Some(KernelSource::of(root).unwrap()))
}

#[test]
fn the_kernel_source_of_a_person_stands_beside_ours_with_the_function_lit() {
    let root = made_up_tree("beside");
    for lang in [Lang::En, Lang::Zh] {
        let mut app = on_tcp_connect(&root, lang);
        let before = shown(&mut app, (160, 45));
        assert!(!before.contains("net/inet/tcp.c ─"), "nothing is shown before the key");
        press(&mut app, "K");
        for size in [(160, 45), (80, 24)] {
            let screen = shown(&mut app, size);
            assert!(screen.contains("net/inet/tcp.c ─"), "{screen}");
            assert!(screen.contains("5▶ tcp_connect(int toy)"), "{screen}");
            assert!(screen.contains("8▌                 return blue(toy);") || size == (80, 24), "{screen}");
            assert!(!screen.contains('\x1b') && !screen.contains('\x07'));
        }
        press(&mut app, "z");
        let zoomed = shown(&mut app, (160, 45));
        let beside = zoomed.lines().find(|line| line.contains("5▶ tcp_connect(int toy)")).unwrap();
        assert!(beside.contains("pub fn tcp_connect") || zoomed.contains("pub fn tcp_connect"), "{zoomed}");
        press(&mut app, "zK");
        assert_eq!(shown(&mut app, (160, 45)), before, "the key takes it away again");
        // Another function of the same file, and one of a file that is not there.
        press(&mut app, "K");
        app.act(Action::Travel(Motion::Layer, Direction::Forward));
        let Some(KernelCode::Missing(why)) = &app.picture().code.kernel else { panic!("{:?}", app.picture().code) };
        assert!(why.text(Lang::En).contains(&app.picture().code.kernel_file), "{}", why.text(Lang::En));
        assert!(why.text(Lang::En).ends_with('.') && why.text(Lang::Zh).ends_with('。'));
        press(&mut app, "z");
        let said = shown(&mut app, (200, 60));
        assert!(said.contains("--kernel-src"), "{said}");
    }
    fs::remove_dir_all(root).unwrap();
}

#[test]
fn a_function_or_a_folder_that_is_not_there_is_said_in_one_sentence() {
    let root = made_up_tree("missing");
    let mut source = KernelSource::of(&root).unwrap();
    let Some(KernelCode::Missing(why)) = source.function("net/inet/tcp.c", "tcp_close") else { panic!() };
    assert!(why.en.starts_with("there is no function tcp_close in "), "{}", why.en);
    assert!(matches!(source.function("net/inet/tcp.c", "other"), Some(KernelCode::Found { .. })));
    assert_eq!(source.function("", ""), None);
    fs::create_dir_all(root.join("net/inet/udp.c")).unwrap();
    let Some(KernelCode::Missing(why)) = source.function("net/inet/udp.c", "udp_rcv") else { panic!() };
    assert!(why.en.contains("is no file"), "{}", why.en);
    let refusal = KernelSource::of(&root.join("nowhere")).unwrap_err();
    assert!(refusal.text(Lang::En).contains("nowhere is no folder"), "{}", refusal.text(Lang::En));
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_sockscope"))
        .args(["lab", "--kernel-src"])
        .arg(root.join("nowhere"))
        .env("LC_ALL", "C.UTF-8")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!((output.status.code(), said.lines().count()), (Some(2), 1), "{said}");
    assert!(said.contains("nowhere is no folder"), "{said}");
    let mut without = app(session(), Lang::En);
    press(&mut without, "K");
    assert!(without.ui().message.as_ref().is_some_and(|said| said.contains("--kernel-src DIR")));
    fs::remove_dir_all(root).unwrap();
}
