//! Two lists of frames side by side: the first one that is not identical, byte for byte and jiffy for jiffy.

use super::recorder::WireFrame;
use crate::words::Words;

/// The first frame that is not the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FrameDifference {
    /// Its number, from 1, as Wireshark counts.
    pub number: usize,
    /// What differs.
    pub message: Words<String>,
    /// The frame that should have been there.
    pub expected: Option<WireFrame>,
    /// The frame that was.
    pub actual: Option<WireFrame>,
}

/// The first difference between two lists of frames. Devices are compared where both sides name them.
#[must_use]
pub fn compare(expected: &[WireFrame], actual: &[WireFrame]) -> Option<FrameDifference> {
    let longest = expected.len().max(actual.len());
    let index = (0..longest).find(|index| !same(expected.get(*index), actual.get(*index)))?;
    let (wanted, got) = (expected.get(index).cloned(), actual.get(index).cloned());
    let message = sentence(wanted.as_ref(), got.as_ref());
    Some(FrameDifference { number: index + 1, message, expected: wanted, actual: got })
}

fn same(expected: Option<&WireFrame>, actual: Option<&WireFrame>) -> bool {
    match (expected, actual) {
        (Some(a), Some(b)) => {
            let devices = a.device.is_empty() || b.device.is_empty() || a.device == b.device;
            devices && a.jiffy == b.jiffy && a.outbound == b.outbound && a.bytes == b.bytes
        }
        (None, None) => true,
        _ => false,
    }
}

fn sentence(expected: Option<&WireFrame>, actual: Option<&WireFrame>) -> Words<String> {
    match (expected, actual) {
        (Some(_), None) => Words::new("the frame is missing", "缺少该帧").owned(),
        (None, _) => Words::new("there is one frame too many", "多出一帧").owned(),
        (Some(a), Some(b)) if a.outbound != b.outbound => {
            Words::new("the frame goes the other way", "帧的方向相反").owned()
        }
        (Some(a), Some(b)) if a.bytes != b.bytes => bytes(&a.bytes, &b.bytes),
        (Some(a), Some(b)) if a.jiffy != b.jiffy => Words::new(
            format!("expected at jiffy {}, happened at jiffy {}", a.jiffy, b.jiffy),
            format!("期望在第 {} 个 jiffy，实际在第 {} 个", a.jiffy, b.jiffy),
        ),
        _ => Words::new("the frame is on another device", "帧在另一个设备上").owned(),
    }
}

fn bytes(expected: &[u8], actual: &[u8]) -> Words<String> {
    let place = expected.iter().zip(actual).position(|(a, b)| a != b);
    match place {
        Some(place) => {
            let byte = |list: &[u8]| list.get(place).copied().unwrap_or(0);
            let (a, b) = (byte(expected), byte(actual));
            Words::new(
                format!("byte {place}: expected {a:02x}, got {b:02x}"),
                format!("第 {place} 字节：期望 {a:02x}，实际 {b:02x}"),
            )
        }
        None => Words::new(
            format!("expected {} bytes, got {}", expected.len(), actual.len()),
            format!("期望 {} 字节，实际 {} 字节", expected.len(), actual.len()),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(jiffy: i64, bytes: &[u8]) -> WireFrame {
        WireFrame { jiffy, device: String::new(), outbound: true, bytes: bytes.to_vec() }
    }

    #[test]
    fn bytes_times_and_missing_frames_are_differences() {
        let list = [frame(0, &[1, 2]), frame(5, &[3])];
        assert_eq!(compare(&list, &list), None);
        let other = compare(&list, &[frame(0, &[1, 9]), frame(5, &[3])]).unwrap();
        assert_eq!((other.number, other.message.en.as_str()), (1, "byte 1: expected 02, got 09"));
        assert_eq!(compare(&list, &[frame(0, &[1, 2]), frame(6, &[3])]).unwrap().number, 2);
        assert_eq!(compare(&list, &list[..1]).unwrap().actual, None);
        assert_eq!(compare(&list[..1], &list).unwrap().expected, None);
        let mut back = list.clone();
        back[1].outbound = false;
        assert_eq!(compare(&list, &back).unwrap().number, 2);
    }
}
