//! System calls as a process makes them: name, arguments as in C, and what the user stub does with them.
//!
//! The stub lays the arguments out in user memory and loads the registers (include/asm-i386/unistd.h): for every socket
//! call EAX is 102, EBX the sub-call and ECX the address of the argument block.

use crate::include::sched::{Registers, UserMemory};
use crate::include::socket::MAX_SOCK_ADDR;

/// __NR_socketcall.
pub const NR_SOCKETCALL: u32 = 102;
/// Zero octets mapped behind what the kernel only reads: a call may name more octets than the program has filled.
const ROOM_BEHIND: usize = MAX_SOCK_ADDR as usize;
/// No call has more arguments than sendto and recvfrom, which have six.
const MOST_ARGUMENTS: usize = 8;

macro_rules! call_names {
    ($($variant:ident $text:literal $number:literal $sub:literal;)* --- $($own:ident $own_text:literal $own_number:literal;)*) => {
        /// A system call.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum CallName { $(#[doc = $text] $variant,)* $(#[doc = $own_text] $own,)* }

        impl CallName {
            /// All calls that a person or a script may make.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];
            /// All calls: also those that make and end processes, which only the programs of the laboratory do.
            pub const OF_PROGRAMS: &'static [Self] = &[$(Self::$variant,)* $(Self::$own),*];

            /// Name as in C.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $text,)* $(Self::$own => $own_text,)* }
            }

            /// The call of a name that a person or a script may make.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                match name { $($text => Some(Self::$variant),)* _ => None }
            }

            /// System-call number: what EAX holds.
            #[must_use]
            pub fn number(self) -> u32 {
                match self { $(Self::$variant => $number,)* $(Self::$own => $own_number,)* }
            }

            /// Sub-call of socketcall, 0 if it is a call of its own.
            #[must_use]
            pub fn sub_call(self) -> u32 {
                match self { $(Self::$variant => $sub,)* $(Self::$own)|* => 0 }
            }
        }
    };
}

call_names! {
    Socket "socket" 102 1;
    Bind "bind" 102 2;
    Connect "connect" 102 3;
    Listen "listen" 102 4;
    Accept "accept" 102 5;
    Getsockname "getsockname" 102 6;
    Getpeername "getpeername" 102 7;
    Socketpair "socketpair" 102 8;
    Send "send" 102 9;
    Recv "recv" 102 10;
    Sendto "sendto" 102 11;
    Recvfrom "recvfrom" 102 12;
    Shutdown "shutdown" 102 13;
    Setsockopt "setsockopt" 102 14;
    Getsockopt "getsockopt" 102 15;
    Read "read" 3 0;
    Write "write" 4 0;
    Close "close" 6 0;
    Setuid "setuid" 23 0;
    Dup "dup" 41 0;
    Ioctl "ioctl" 54 0;
    Fcntl "fcntl" 55 0;
    Dup2 "dup2" 63 0;
    Select "select" 82 0;
    ---
    Exit "exit" 1;
    Fork "fork" 2;
}

/// One argument of a call.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum UserArg {
    /// An integer.
    Int(i32),
    /// A pointer to bytes that the kernel reads.
    In(Vec<u8>),
    /// A pointer to that many zero bytes that the kernel may fill.
    Out(u32),
    /// A pointer to bytes that the kernel reads and may change.
    InOut(Vec<u8>),
    /// A null pointer.
    Null,
}

/// A call with its arguments.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct UserCall {
    /// Which.
    pub name: CallName,
    /// Arguments in the order of C.
    pub args: Vec<UserArg>,
}

/// What the stub has prepared.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Prepared {
    /// Registers at the trap.
    pub regs: Registers,
    /// User memory.
    pub memory: UserMemory,
    /// Output buffers: address and length, in the order of the arguments.
    pub outputs: Vec<(u32, u32)>,
    /// Integer arguments by position.
    pub integers: Vec<(u8, i32)>,
}

impl UserCall {
    /// A call.
    #[must_use]
    pub fn new(name: CallName, args: Vec<UserArg>) -> Self {
        Self { name, args }
    }

    /// What the user stub does: lays out memory, loads the registers.
    #[must_use]
    pub fn prepare(&self) -> Prepared {
        let (mut memory, mut outputs) = (UserMemory::default(), Vec::new());
        let regs = self.lay_out(&mut memory, &mut outputs);
        Prepared { regs, memory, outputs, integers: self.integers() }
    }

    /// The same in the memory of a process, whose last call lay there; returns the registers.
    pub fn lay_out(&self, memory: &mut UserMemory, outputs: &mut Vec<(u32, u32)>) -> Registers {
        memory.bytes.clear();
        outputs.clear();
        let mut words = [0; MOST_ARGUMENTS];
        for (argument, word) in self.args.iter().zip(&mut words) {
            *word = match argument {
                UserArg::Int(value) => *value as u32,
                UserArg::In(bytes) => {
                    let address = memory.place(bytes);
                    memory.bytes.resize(memory.bytes.len() + ROOM_BEHIND, 0);
                    address
                }
                UserArg::Out(length) => {
                    let address = memory.place_zeros(*length as usize);
                    outputs.push((address, *length));
                    address
                }
                UserArg::InOut(bytes) => {
                    let address = memory.place(bytes);
                    outputs.push((address, bytes.len() as u32));
                    address
                }
                UserArg::Null => 0,
            };
        }
        let many = self.args.len().min(MOST_ARGUMENTS);
        self.registers(words.get(..many).unwrap_or(&words), memory)
    }

    /// Integer arguments by position.
    #[must_use]
    pub fn integers(&self) -> Vec<(u8, i32)> {
        let integer = |(position, argument): (usize, &UserArg)| match argument {
            UserArg::Int(value) => Some((position as u8, *value)),
            UserArg::In(_) | UserArg::Out(_) | UserArg::InOut(_) | UserArg::Null => None,
        };
        self.args.iter().enumerate().filter_map(integer).collect()
    }

    fn registers(&self, words: &[u32], memory: &mut UserMemory) -> Registers {
        let mut block = || {
            let address = memory.place(&[]);
            memory.bytes.extend(words.iter().flat_map(|word| word.to_le_bytes()));
            address
        };
        let eax = self.name.number();
        let word = |index: usize| words.get(index).copied().unwrap_or(0);
        let (ebx, ecx, edx, esi, edi) = if eax == NR_SOCKETCALL {
            (self.name.sub_call(), block(), 0, 0, 0)
        } else if self.name == CallName::Select {
            (block(), 0, 0, 0, 0)
        } else {
            (word(0), word(1), word(2), word(3), word(4))
        };
        Registers { eax, ebx, ecx, edx, esi, edi, orig_eax: eax as i32, carry: false }
    }
}
