//! A system call as the process makes it: its arguments as C writes them, and the registers that carry them through the
//! gate. Arguments behind a pointer are read from the user memory of the process, where the stub has laid them out.

use super::{Place, WIDTH, fitted, words};
use crate::include::sched::TaskId;
use crate::kernel::call::{CallName, NR_SOCKETCALL};
use crate::lab::script::constants::name_of;
use crate::words::{Words, cells};

/// How an argument is written.
#[derive(Clone, Copy)]
enum Written {
    /// As a number.
    Number,
    /// As the constant of these beginnings that has its value, or as a number.
    Constant(&'static [&'static str]),
    /// The same for flags and protocols, where 0 says nothing and stays a number.
    Flags(&'static [&'static str]),
    /// An option of the level that stands before it.
    Option,
    /// The address that it points to, `10.0.0.2:80`.
    Address,
    /// The number that it points to, in brackets.
    Value,
    /// Where it points is of no interest: by its name in C.
    Pointer(&'static str),
}

use Written::{Address, Constant, Flags, Number, Pointer, Value};

/// The arguments of a call in the order of C.
fn written(call: CallName) -> &'static [Written] {
    match call {
        CallName::Socket => &[Constant(&["AF_"]), Constant(&["SOCK_"]), Flags(&["IPPROTO_"])],
        CallName::Socketpair => &[Constant(&["AF_"]), Constant(&["SOCK_"]), Flags(&["IPPROTO_"]), Pointer("sv")],
        CallName::Bind | CallName::Connect => &[Number, Address, Number],
        CallName::Accept | CallName::Getsockname | CallName::Getpeername => {
            &[Number, Pointer("addr"), Pointer("addrlen")]
        }
        CallName::Send | CallName::Recv => &[Number, Pointer("buf"), Number, Flags(&["MSG_"])],
        CallName::Sendto => &[Number, Pointer("buf"), Number, Flags(&["MSG_"]), Address, Number],
        CallName::Recvfrom => &[Number, Pointer("buf"), Number, Flags(&["MSG_"]), Pointer("addr"), Pointer("addrlen")],
        CallName::Setsockopt => &[Number, Constant(&["SOL_"]), Written::Option, Value, Number],
        CallName::Getsockopt => &[Number, Constant(&["SOL_"]), Written::Option, Pointer("optval"), Pointer("optlen")],
        CallName::Read | CallName::Write => &[Number, Pointer("buf"), Number],
        CallName::Ioctl => &[Number, Constant(&["FIO", "SIOC"]), Pointer("arg")],
        CallName::Fcntl => &[Number, Constant(&["F_"]), Number],
        CallName::Select => {
            &[Number, Pointer("readfds"), Pointer("writefds"), Pointer("exceptfds"), Pointer("timeout")]
        }
        CallName::Listen | CallName::Shutdown | CallName::Dup2 => &[Number, Number],
        CallName::Close | CallName::Setuid | CallName::Dup | CallName::Exit => &[Number],
        CallName::Fork => &[],
    }
}

/// The sentence of a call: who, what, and what the registers hold at `int 0x80`. `integers` are the arguments that are no
/// pointers, by position.
pub(super) fn entered(place: Place<'_>, task: TaskId, call: CallName, integers: &[(u8, i32)]) -> Words<String> {
    let (pid, eax) = (place.pid(task), call.number());
    let arguments: Vec<String> = written(call)
        .iter()
        .enumerate()
        .map(|(position, written)| {
            let own = integers.iter().find(|(known, _)| usize::from(*known) == position).map(|(_, value)| *value);
            own.map_or_else(
                || pointed(place, task, call, position, *written),
                |value| integer(value, *written, level(integers)),
            )
        })
        .collect();
    let ebx = match (eax, arguments.first()) {
        (NR_SOCKETCALL, _) => format!(", EBX {}", call.sub_call()),
        (_, Some(first)) if call != CallName::Select => format!(", EBX {first}"),
        (_, _) => String::new(),
    };
    let (list, name) = (arguments.join(", "), call.name());
    let en = |list: &str, then: &str| format!("pid {pid} calls {name}({list}): EAX {eax}{ebx}, {then}int 0x80.");
    let zh_ebx = ebx.replace(", ", "，");
    let zh = |list: &str, then: &str| format!("进程 {pid} 调用 {name}({list})：EAX {eax}{zh_ebx}，{then}int 0x80。");
    // A list that is one word too long is worth more than the word.
    let (then, thereupon) = if cells(&en(&list, "then ")).max(cells(&zh(&list, "然后 "))) > WIDTH {
        ("", "")
    } else {
        ("then ", "然后 ")
    };
    words(fitted(&list, ", ", |list| en(list, then)), fitted(&list, ", ", |list| zh(list, thereupon)))
}

/// The arguments of a call: the word that carries each, and its meaning. What a pointer leads to is read from the memory of the
/// process.
pub(super) fn words_of_call(place: Place<'_>, task: TaskId, call: CallName) -> Vec<(Option<u32>, String)> {
    let level = word(place, task, call, 1).map_or(0, u32::cast_signed);
    let written = written(call).iter().enumerate();
    let meaning = |(position, written): (usize, &Written)| {
        let word = word(place, task, call, position);
        let text = match (written, word) {
            (Number | Constant(_) | Flags(_) | Written::Option, Some(word)) => {
                integer(word.cast_signed(), *written, level)
            }
            _ => pointed(place, task, call, position, *written),
        };
        (word, text)
    };
    written.map(meaning).collect()
}

/// The level of an option: the second argument.
fn level(integers: &[(u8, i32)]) -> i32 {
    integers.iter().find(|(position, _)| *position == 1).map_or(0, |(_, value)| *value)
}

fn integer(value: i32, written: Written, level: i32) -> String {
    let constant = |beginnings: &[&str]| name_of(i64::from(value), beginnings).map(str::to_owned);
    let named = match written {
        Constant(beginnings) => constant(beginnings),
        Flags(beginnings) if value != 0 => constant(beginnings),
        Written::Option => match name_of(i64::from(level), &["SOL_"]) {
            Some("SOL_SOCKET") => constant(&["SO_"]),
            Some("SOL_TCP") => constant(&["TCP_"]),
            Some("SOL_IP") => constant(&["IP_"]),
            _ => None,
        },
        Flags(_) | Number | Address | Value | Pointer(_) => None,
    };
    named.unwrap_or_else(|| value.to_string())
}

/// An argument that is a pointer.
fn pointed(place: Place<'_>, task: TaskId, call: CallName, position: usize, written: Written) -> String {
    let name = match written {
        Pointer(name) => name,
        Address => "addr",
        Value => "optval",
        Number | Constant(_) | Flags(_) | Written::Option => "arg",
    };
    let Some(address) = word(place, task, call, position) else { return name.to_owned() };
    if address == 0 {
        return "NULL".to_owned();
    }
    let memory = place.k.tasks.get(task.0 as usize).map(|task| &task.memory);
    let bytes = |length: u32| memory.and_then(|memory| memory.range(address, length));
    match written {
        Address => bytes(8).map_or_else(|| name.to_owned(), internet_address),
        Value => bytes(4)
            .and_then(|word| word.try_into().ok())
            .map_or_else(|| name.to_owned(), |word| format!("[{}]", i32::from_le_bytes(word))),
        Pointer(_) | Number | Constant(_) | Flags(_) | Written::Option => name.to_owned(),
    }
}

/// `struct sockaddr_in` as `10.0.0.2:80`; other families by their length only.
fn internet_address(bytes: &[u8]) -> String {
    match bytes {
        [2, 0, high, low, a, b, c, d] => format!("{a}.{b}.{c}.{d}:{}", u16::from_be_bytes([*high, *low])),
        _ => "addr".to_owned(),
    }
}

/// The word that carries an argument: in a register, or in the block that a register points to.
fn word(place: Place<'_>, task: TaskId, call: CallName, position: usize) -> Option<u32> {
    let task = place.k.tasks.get(task.0 as usize).filter(|task| task.call.is_none_or(|known| known == call))?;
    let regs = task.regs;
    let block = match call {
        CallName::Select => regs.ebx,
        _ if call.number() == NR_SOCKETCALL => regs.ecx,
        _ => return [regs.ebx, regs.ecx, regs.edx, regs.esi, regs.edi].get(position).copied(),
    };
    let address = block.checked_add(u32::try_from(position).ok()?.checked_mul(4)?)?;
    task.memory.range(address, 4)?.try_into().ok().map(u32::from_le_bytes)
}
