//! The words of class mode, in both languages.

use crate::i18n::Words;

/// Why the lesson is not shown large.
pub const TOO_SMALL: Words = Words::new(
    "class mode needs a window of {0}x{1}, this one has {2}x{3}: enlarge it, or make its letters smaller",
    "课堂模式需要 {0}x{1} 的窗口，当前为 {2}x{3}：请放大窗口或缩小字号",
);
/// What class mode is, when it begins.
pub const BEGUN: Words = Words::new(
    "class mode: nothing done here is anybody's progress; {class} leaves it",
    "课堂模式：此处的操作不计入任何人的进度；按 {class} 退出",
);
/// What is open again, when it ends.
pub const ENDED: Words =
    Words::new("class mode is over: your own lesson, as you left it", "课堂模式结束：回到你自己的课程，进度如前");
/// The key where no lesson is open.
pub const NO_LESSON: Words = Words::new("no lesson is open that a class could see", "没有打开可供课堂使用的课程");
/// The action by its name, where a digit is meant.
pub const DIGIT_ITSELF: Words =
    Words::new("press the letter of an option, then the digits of its count", "先按选项字母，再输入票数");
/// A digit before any letter, or one too many.
pub const LETTER_FIRST: Words = Words::new(
    "choose the option by its letter first; a count has at most three digits",
    "请先按字母选定选项；票数最多三位",
);
/// A second vote before the first.
pub const VOTE_FIRST: Words = Words::new("nobody has been counted in this vote yet", "本轮投票尚未计票");
/// The time that is suggested.
pub const ABOUT: Words = Words::new("about {0}", "约 {0}");
/// The round of the vote.
pub const SECOND_VOTE: Words = Words::new("second vote", "第二轮投票");
/// How votes are typed.
pub const HOW_TO_COUNT: Words = Words::new(
    "a letter, then its count · {vote-again} votes once more · {lesson-next} shows what the run did",
    "按字母，再输入票数 · {vote-again} 再投一次 · {lesson-next} 揭示运行结果",
);
/// The option that the run made true.
pub const SO_IT_RAN: Words = Words::new("{0} (so it ran)", "{0}（运行如此）");
/// Above the replies to the wrong options.
pub const AGAINST: Words = Words::new("What speaks against the others", "其余选项错在哪里");
/// Before the solution of a task.
pub const SOLUTION: Words = Words::new("Solution", "解法");
/// The keys of a task that is done by going somewhere.
pub const STEP_KEYS: Words = Words::new(
    "step through the run as always · {hint} hint · {lesson-next} goes there",
    "照常在运行中走动 · {hint} 提示 · {lesson-next} 直接前往",
);
/// The keys of a task that is done on the wire.
pub const WIRE_KEYS: Words = Words::new(
    "in the ladder {drop} loses a frame, {delay} delays, {duplicate} doubles it · {undo} undo · {hint} hint · {lesson-next} shows it",
    "在时序图中 {drop} 丢帧、{delay} 延迟、{duplicate} 重复 · {undo} 撤销 · {hint} 提示 · {lesson-next} 显示解法",
);
/// The keys of a task that is done by calls.
pub const CALL_KEYS: Words = Words::new(
    "{write} writes system calls · {undo} undo · {hint} hint · {lesson-next} shows the solution",
    "{write} 写系统调用 · {undo} 撤销 · {hint} 提示 · {lesson-next} 显示解法",
);
/// The keys of an open order.
pub const ORDER_KEYS: Words = Words::new(
    "↑↓ choose · {shift-down} {shift-up} move · {lesson-next} shows the order of the run",
    "↑↓ 选择 · {shift-down} {shift-up} 移动 · {lesson-next} 显示运行中的顺序",
);
/// Where the class had a step.
pub const HAD_IT: Words = Words::new("you had it as {0}", "你们排在第 {0}");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_name_the_same_keys_and_values() {
        let all = [
            TOO_SMALL,
            BEGUN,
            ENDED,
            NO_LESSON,
            DIGIT_ITSELF,
            LETTER_FIRST,
            VOTE_FIRST,
            ABOUT,
            SECOND_VOTE,
            HOW_TO_COUNT,
            SO_IT_RAN,
            AGAINST,
            SOLUTION,
            STEP_KEYS,
            WIRE_KEYS,
            CALL_KEYS,
            ORDER_KEYS,
            HAD_IT,
        ];
        let holes = |text: &str| {
            let mut holes: Vec<String> =
                text.split('{').skip(1).filter_map(|part| part.split('}').next()).map(str::to_owned).collect();
            holes.sort();
            holes
        };
        for words in all {
            assert_eq!(holes(words.en), holes(words.zh), "{}", words.en);
            assert!(words.zh.chars().any(|letter| ('\u{4e00}'..='\u{9fff}').contains(&letter)), "{}", words.en);
        }
    }
}
