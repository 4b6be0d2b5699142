//! Runs a frame scenario: frames and raw calls at their jiffies.

use std::collections::VecDeque;

use super::failure::Failure;
use super::host::ScriptHost;
use super::run::{Driver, Judgement, Lines, Run, check_time};
use crate::Input;
use crate::include::seq::TICK;
use crate::kernel::call::{CallName, UserArg, UserCall};
use crate::lab::script::Position;
use crate::lab::script::frame_scenario::{FrameAction, FrameScenario, RawArgument, RawCall};

/// Run a frame scenario from boot to its end.
///
/// # Errors
/// A device or a call that does not exist.
pub fn run_frames(scenario: &FrameScenario) -> Result<Run, Failure> {
    let config = ScriptHost::frame_configuration(&scenario.configuration);
    let mut run = FrameRun { driver: Driver::new(config, false), held: VecDeque::new() };
    let nowhere = Position::default();
    let mut events: Vec<_> = scenario.events.iter().collect();
    // Stable: events of equal time keep the order of the file.
    events.sort_by_key(|event| event.jiffy);
    for event in events.into_iter().filter(|event| event.jiffy <= scenario.end) {
        check_time(event.jiffy, nowhere)?;
        run.advance(event.jiffy);
        let input = input(&run.driver, &event.action)?;
        run.give(input);
    }
    check_time(scenario.end, nowhere)?;
    run.advance(scenario.end);
    Ok(run.driver.finish(Lines::default(), Judgement::recorded()))
}

struct FrameRun {
    driver: Driver,
    /// Calls of a process that is still in an earlier one: it makes them as soon as it is back.
    held: VecDeque<Input>,
}

impl FrameRun {
    fn is_busy(&self, input: &Input) -> bool {
        let Input::Call { task, .. } = input else { return false };
        self.driver.kernel().tasks.get(task.0 as usize).is_some_and(|task| task.call.is_some())
    }

    fn give(&mut self, input: Input) {
        // Only process 0 makes calls that may sleep, so one row is enough.
        if self.is_busy(&input) {
            self.held.push_back(input);
        } else {
            self.driver.give(&input);
        }
        self.settle();
    }

    fn settle(&mut self) {
        self.driver.drain();
        while self.held.front().is_some_and(|input| !self.is_busy(input)) {
            if let Some(input) = self.held.pop_front() {
                self.driver.give(&input);
                self.driver.drain();
            }
        }
    }

    fn advance(&mut self, jiffy: u64) {
        loop {
            let end = jiffy.saturating_mul(TICK);
            let next = if self.held.is_empty() { end } else { self.driver.next_timer().unwrap_or(end).min(end) };
            self.driver.advance(next);
            self.settle();
            if next >= end || self.driver.is_dead() {
                return;
            }
        }
    }
}

fn input(driver: &Driver, action: &FrameAction) -> Result<Input, Failure> {
    Ok(match action {
        FrameAction::Receive { device, frames } => {
            let index = driver.kernel().dev.iter().position(|known| known.name == *device);
            let Some(index) = index.and_then(|index| u8::try_from(index).ok()) else {
                return Err(Failure::argument(Position::default(), "rx", device));
            };
            Input::Frames(frames.iter().map(|frame| (index, frame.clone())).collect())
        }
        FrameAction::Call(call) => Input::Call { task: driver.process(0), call: user_call(call)?, planned: Vec::new() },
        FrameAction::Ioctl { command, structure } => driver.configure(*command as i32, structure.clone()),
    })
}

fn user_call(call: &RawCall) -> Result<UserCall, Failure> {
    let Some(name) = CallName::from_name(&call.name) else {
        return Err(Failure::call(Position::default(), &call.name));
    };
    let args = call.arguments.iter().map(|argument| match argument {
        RawArgument::Integer(value) => UserArg::Int(*value as i32),
        RawArgument::Input(bytes) => UserArg::In(bytes.clone()),
        RawArgument::Output(length) => UserArg::Out(*length),
        RawArgument::Both(bytes) => UserArg::InOut(bytes.clone()),
        RawArgument::Null => UserArg::Null,
    });
    Ok(UserCall::new(name, args.collect()))
}
