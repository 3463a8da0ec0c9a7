"""Times log-mel features of a minute of sound at 16 kHz, on one thread.

80 bands, frames of 25 ms every 10 ms, transforms of 512 samples, as `scribe-bench features`. Prints
one JSON object for each library.

    python bench/features.py
"""

import argparse
import importlib.metadata
import warnings

import measuring

RATE, SECONDS, WINDOW, HOP, TRANSFORM, BANDS = 16_000, 60, 400, 160, 512, 80


def librosa_body(sound):
    import librosa
    import numpy

    def body():
        energies = librosa.feature.melspectrogram(
            y=sound, sr=RATE, n_fft=TRANSFORM, win_length=WINDOW, hop_length=HOP, n_mels=BANDS)
        return numpy.log(energies + 1e-10)

    return body


def torchaudio_body(sound):
    import torch

    # Builds for unlike releases of CUDA refuse each other, though nothing here runs on a GPU.
    torch.version.cuda = None
    import torchaudio

    torch.set_num_threads(1)
    waveform = torch.from_numpy(sound)
    spectrogram = torchaudio.transforms.MelSpectrogram(
        RATE, n_fft=TRANSFORM, win_length=WINDOW, hop_length=HOP, n_mels=BANDS)

    def body():
        with torch.inference_mode():
            return (spectrogram(waveform) + 1e-10).log()

    return body


def kaldi_body(sound):
    import kaldi_native_fbank
    import numpy

    options = kaldi_native_fbank.FbankOptions()
    options.frame_opts.dither = 0
    options.frame_opts.samp_freq = RATE
    options.mel_opts.num_bins = BANDS

    def body():
        bank = kaldi_native_fbank.OnlineFbank(options)
        bank.accept_waveform(RATE, sound)
        bank.input_finished()
        return numpy.stack([bank.get_frame(index) for index in range(bank.num_frames_ready)])

    return body


LIBRARIES = {
    "librosa": librosa_body, "torchaudio": torchaudio_body, "kaldi-native-fbank": kaldi_body,
}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repetitions", type=int, default=7)
    arguments = parser.parse_args()
    measuring.limit_threads(1)
    warnings.filterwarnings("ignore")
    import numpy

    sound = numpy.random.default_rng(4).uniform(-0.5, 0.5, SECONDS * RATE).astype(numpy.float32)

    def run(library, make_body):
        durations = measuring.measure(make_body(sound), arguments.repetitions)
        measuring.emit(
            f"log-mel of {BANDS} bands, {SECONDS} s", library, importlib.metadata.version(library),
            "float32", 1, durations, audio_seconds=SECONDS)

    for library, make_body in LIBRARIES.items():
        measuring.attempt(library, lambda: run(library, make_body))


if __name__ == "__main__":
    main()
