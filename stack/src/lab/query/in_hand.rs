//! What is in hand where something happens: the sock and the buffer that a function works on, the frame in it, what a
//! call gives back. Only conditions on a happening (`if`, `where`) can ask for it.

use core::fmt;

use super::frame_field::FrameField;
use super::subject::{Queue, Subject, field_of, is_queue, skb_on};
use crate::include::arena::Id;
use crate::include::skbuff::SkbId;
use crate::kernel::Kernel;
use crate::kernel::probe::{Arg, Event};
use crate::view::Value;
use crate::view::queue::SkbView;
use crate::view::sock::{SockField, by_number};

/// Something in hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InHand {
    /// `sk`, or a field of it.
    Sk(Option<SockField>),
    /// `sk.receive_queue[I]`, or a field of it.
    SkBuffer(Queue, usize, Option<&'static str>),
    /// `skb`, or a field of it.
    Skb(Option<&'static str>),
    /// A field of the frame.
    Frame(FrameField),
    /// `result`: what a call or a function gives back.
    Result,
    /// Something of the host on which it happens.
    Here(Subject),
}

impl InHand {
    /// Whether it is a queue of a sock, whose value is its length.
    pub(super) fn queue(&self) -> bool {
        match self {
            Self::Sk(field) => field.is_some_and(is_queue),
            Self::Here(subject) => subject.queue(),
            Self::SkBuffer(..) | Self::Skb(_) | Self::Frame(_) | Self::Result => false,
        }
    }
}

/// The things themselves, by the numbers that are their names.
#[derive(Clone, Debug, Default)]
pub(super) struct Hand<'a> {
    pub(super) sk: Option<u32>,
    pub(super) skb: Option<u32>,
    /// The frame, where it is no buffer yet or any more.
    pub(super) frame: Option<&'a [u8]>,
    pub(super) result: Value,
}

/// What the calls under way have been given: the innermost last.
#[derive(Clone, Debug, Default)]
pub(super) struct Calls(Vec<(Option<u32>, Option<u32>)>);

impl Calls {
    /// A function is entered: what it is not given itself is what its caller has in hand.
    pub(super) fn enter(&mut self, args: &[Arg]) {
        let (sk, skb) = self.0.last().copied().unwrap_or_default();
        let own_skb = args.iter().find_map(|arg| if let Arg::Skb(number) = arg { Some(*number) } else { None });
        let own_sk = args.iter().find_map(|arg| arg.sock());
        // Another buffer may be another sock's: then its own is asked (in `Hand::sock`).
        let sk = own_sk.or_else(|| sk.filter(|_| own_skb.is_none() || own_skb == skb));
        self.0.push((sk, own_skb.or(skb)));
    }

    /// It returns.
    pub(super) fn exit(&mut self) {
        self.0.pop();
    }

    /// What is in hand in the innermost function.
    pub(super) fn hand(&self) -> Hand<'static> {
        let (sk, skb) = self.0.last().copied().unwrap_or_default();
        Hand { sk, skb, frame: None, result: Value::Null }
    }

    /// The same at an event, which may name its own.
    pub(super) fn at<'e>(&self, event: &'e Event) -> Hand<'e> {
        let hand = self.hand();
        match event {
            _ if event.sock().is_some() => Hand { sk: event.sock().map(Id::serial), ..hand },
            Event::Discard { skb: Some(skb), .. } => {
                let sk = hand.sk.filter(|_| hand.skb == Some(skb.serial()));
                Hand { sk, skb: Some(skb.serial()), ..hand }
            }
            Event::FrameIn { bytes, .. } | Event::FrameOut { bytes, .. } | Event::LoFrame { bytes } => {
                Hand { frame: Some(bytes), ..hand }
            }
            Event::SyscallExit { ret, .. } => Hand { result: Value::from(*ret), ..hand },
            _ => hand,
        }
    }
}

/// What a function gives back, as a value of the language.
pub(super) fn returned(value: Arg) -> Value {
    match value {
        Arg::Int(number) => Value::from(number),
        Arg::Unsigned(number) | Arg::Sock(number) | Arg::Skb(number) | Arg::Socket(number) | Arg::Object(number) => {
            Value::from(number)
        }
        Arg::Bool(flag) => Value::Bool(flag),
        Arg::Dev(number) => Value::from(number),
        Arg::Address(address) => Value::Address(address),
        Arg::Seq(seq) => Value::Seq(seq),
        Arg::State(state) => Value::State(state),
        Arg::Errno(errno) => Value::from(-errno.0),
        Arg::Reason(reason) => Value::from(reason.name()),
        Arg::Word(word) => Value::from(word.text()),
        Arg::Unit | Arg::Proto(_) | Arg::Tcp(..) | Arg::More(_) | Arg::Bytes(_) | Arg::Timer(..) => Value::Null,
        Arg::Null | Arg::Sleep => Value::Null,
    }
}

impl Hand<'_> {
    fn buffer(&self, k: &Kernel) -> Option<SkbId> {
        let number = self.skb?;
        k.skb.iter().map(|(skb, _)| skb).find(|skb| skb.serial() == number)
    }

    /// The sock in hand: the one that is named, else the one that the buffer is charged to.
    fn sock(&self, k: &Kernel) -> Option<u32> {
        self.sk.or_else(|| Some(k.skb.get(self.buffer(k)?)?.sk?.serial()))
    }

    pub(super) fn value(&self, what: &InHand, k: &Kernel) -> Value {
        match what {
            InHand::Sk(field) => {
                let sk = self.sock(k).and_then(|number| by_number(k, number));
                field.map_or(Value::Bool(sk.is_some()), |field| sk.map_or(Value::Null, |sk| field.value(k, sk)))
            }
            InHand::SkBuffer(queue, index, field) => {
                let skb = self.sock(k).and_then(|number| skb_on(k, number, *queue, *index));
                field_of(skb.and_then(|skb| SkbView::of(k, skb)).as_ref(), *field, SkbView::field)
            }
            InHand::Skb(field) => {
                field_of(self.buffer(k).and_then(|skb| SkbView::of(k, skb)).as_ref(), *field, SkbView::field)
            }
            InHand::Frame(field) => match self.frame {
                Some(frame) => field.value(frame),
                None => {
                    let buffer = self.buffer(k).and_then(|skb| k.skb.get(skb));
                    buffer.map_or(Value::Null, |buffer| field.value(&buffer.data))
                }
            },
            InHand::Result => self.result.clone(),
            InHand::Here(subject) => subject.value(k),
        }
    }
}

impl fmt::Display for InHand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let field = match self {
            Self::Sk(field) => {
                f.write_str("sk")?;
                &field.map(|field| field.name)
            }
            Self::SkBuffer(queue, index, field) => {
                write!(f, "sk.{}[{index}]", queue.name())?;
                field
            }
            Self::Skb(field) => {
                f.write_str("skb")?;
                field
            }
            Self::Frame(field) => return write!(f, "{field}"),
            Self::Result => return f.write_str("result"),
            Self::Here(subject) => return write!(f, "{subject}"),
        };
        field.map_or(Ok(()), |field| write!(f, ".{field}"))
    }
}
