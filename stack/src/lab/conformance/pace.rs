//! How a run keeps time as packetdrill does: a line counts from what really happened before it, and a line for a packet
//! waits until that leaves or the time for it is up.

use super::checks::{COMMAND, INBOUND, Moment};
use super::departure::Departure;
use super::difference::Difference;
use super::failure::Failure;
use super::glue::Glued;
use super::rules::unknown_echo;
use super::run::check_time;
use super::script_run::ScriptRun;
use super::timeline::{Action, Incoming, Step};
use crate::include::seq::TICK;
use crate::lab::script::Position;
use crate::lab::script::ast::{Body, Call, Packet, Time};
use crate::words::Words;

impl ScriptRun<'_> {
    /// A step as packetdrill takes it: counted from what really happened.
    pub(super) fn perform(&mut self, step: &Step) -> Result<(), Failure> {
        let moment = self.checks.moment(step.time);
        check_time(moment.end.unwrap_or(moment.start) / TICK, step.position)?;
        if std::mem::take(&mut self.first) && matches!(step.time, Some(Time::At { start: 1.., .. })) {
            self.checks.object(Difference::at(step.position, FIRST_AT_ZERO.owned()));
        }
        if self.missed.is_some_and(|missed| missed.position == step.position)
            && let Some(missed) = self.missed.take()
        {
            self.checks.end_with(missed.clone());
        }
        match &step.action {
            Action::Refuse(words) => {
                self.checks.end_with(Difference::at(step.position, words.clone()));
                return Ok(());
            }
            Action::Expect(packet) => return self.expect(step.position, &moment, packet),
            Action::Elapse => {
                self.checks.turn_over(&moment, moment.start);
                return Ok(());
            }
            _ => {}
        }
        self.advance(moment.start)?;
        if self.driver.is_dead() {
            return Ok(());
        }
        let now = self.clock();
        match &step.action {
            Action::Arrival(arrival) => {
                self.checks.begins(step.position, &moment, now, INBOUND);
                if let Incoming::Packet(packet) = &arrival.what
                    && let Some(words) = unknown_echo(packet)
                {
                    self.checks.end_with(Difference::at(step.position, words));
                }
            }
            Action::Call { .. } => {}
            _ => self.checks.begins(step.position, &moment, now, COMMAND),
        }
        self.act(step.position, &step.action, Some(moment))?;
        self.settle()?;
        // As in packetdrill packets that arrive one after the other count from when they should have.
        let anchored = matches!(step.action, Action::Arrival(_));
        self.checks.turn_over(&moment, if anchored { moment.start } else { now });
        Ok(())
    }

    /// The script is over; calls that should still come back are given the time for it.
    pub(super) fn await_returns(&mut self) -> Result<(), Failure> {
        let ends = self.awaited.values().filter_map(|awaited| awaited.moment.end);
        if let Some(end) = ends.max() {
            self.advance(end.saturating_add(self.checks.allowance(end)))?;
        }
        if let Some(oops) = &self.driver.kernel().oops {
            // Whatever comes after the death of the machine says nothing about the script.
            let death = Difference::death(self.turn, oops);
            self.checks.dies(death, std::mem::take(&mut self.awaited).into_values());
            return Ok(());
        }
        for (_, awaited) in std::mem::take(&mut self.awaited) {
            let call = Call { outcome: None, ..awaited.call.clone() };
            self.checks.returned(&awaited, &call, awaited.made);
        }
        let busy = std::mem::take(&mut self.held);
        for held in busy.into_values().flatten() {
            self.checks.object(Difference::at(held.position, STILL_BUSY.owned()));
        }
        Ok(())
    }

    /// A line for a packet has its turn.
    fn expect(&mut self, position: Position, moment: &Moment, packet: &Packet) -> Result<(), Failure> {
        if self.checks.is_over() {
            // packetdrill would have ended before: the line only lets its time pass.
            self.advance(moment.end.unwrap_or(moment.start))?;
            self.take(packet);
            self.checks.turn_over(moment, moment.start);
            return Ok(());
        }
        if let Body::Tcp(segment) = &packet.body
            && self.learning.is_own(packet)
        {
            self.learning.sockets(|sockets| sockets.asks(segment.flags.bits, segment.sequence.start));
        }
        let end = self.checks.patience(moment, self.clock());
        let mut found = None;
        loop {
            if found.is_none() {
                found = self.take(packet);
            }
            if let Some(departure) = &mut found {
                match self.checks.complete(packet, departure, &self.learning.flows) {
                    Glued::Joined => break,
                    Glued::Nothing => {}
                    Glued::Alien(alien) => {
                        self.checks.does_not_continue(position, moment, packet, &alien);
                        let now = self.clock();
                        self.checks.turn_over(moment, now);
                        return Ok(());
                    }
                }
            }
            if !self.pass_to_event(end)? {
                break;
            }
        }
        let Some(departure) = found else {
            // A dead kernel is not waited for: its death is what is told.
            if !self.driver.is_dead() {
                self.misses = Some(self.checks.missing(position, moment, packet));
            }
            return Ok(());
        };
        self.checks.packet(position, moment, packet, &departure);
        let now = self.clock();
        self.checks.turn_over(moment, now);
        Ok(())
    }

    /// The next packet that a line can mean, which may say how far a socket has come.
    fn take(&mut self, expected: &Packet) -> Option<Departure> {
        let own = self.learning.is_own(expected);
        let flags = if let Body::Tcp(segment) = &expected.body { Some(segment.flags.bits) } else { None };
        if own && flags.is_some() && self.learning.is_lost() {
            return None;
        }
        let mut taken = {
            let (checks, learning) = (&mut self.checks, &self.learning);
            checks.take(expected, &learning.flows, |packet| learning.can_adopt(packet))
        }?;
        if let Some(packet) = taken.leaving() {
            self.learning.sockets(|sockets| {
                if own && sockets.can_adopt(packet) {
                    sockets.adopt(packet);
                }
                sockets.is_met(flags.unwrap_or(0), packet, own);
            });
        }
        taken.tell_again(&self.learning.flows);
        Some(taken)
    }

    /// Time passes up to the next thing that can happen by itself. False: none will until `end`.
    fn pass_to_event(&mut self, end: u64) -> Result<bool, Failure> {
        let next = [self.driver.next_timer(), self.peer_due()].into_iter().flatten().min();
        let Some(next) = next.filter(|next| *next <= end && !self.driver.is_dead()) else { return Ok(false) };
        let next = next.max(self.clock());
        self.advance(next)?;
        Ok(true)
    }
}

const FIRST_AT_ZERO: Words = Words::new("first event should be at time 0", "第一个事件的时间应为 0");
const STILL_BUSY: Words = Words::new(
    "this call was never made: its process did not come back from the call before it",
    "此调用没有发出：其进程一直没有从上一个调用返回",
);
