"""Makes features.json: what numpy and scipy compute for the features of Sources/Audio.

Written from the published formulas in float64 and by other means than the package uses: dense filters by
interpolation, scipy's DCT and correlation, numpy's FFT.
Run: python3 Tests/AudioTests/Reference/features.py
"""

import json
import pathlib

import numpy as np
import scipy.fft
import scipy.ndimage
import scipy.signal

RATE, WINDOW, HOP, FFT = 8000, 200, 80, 256

rng = np.random.default_rng(20140)
time = np.arange(1000) / RATE
signal = 0.3 * np.sin(2 * np.pi * (300 + 4000 * time) * time) + 0.05 * rng.standard_normal(1000)
signal = signal.astype(np.float32).astype(np.float64)


def frames(x, center=False):
    if center:
        x = np.pad(x, (WINDOW // 2, WINDOW - WINDOW // 2))
    return np.lib.stride_tricks.sliding_window_view(x, WINDOW)[::HOP]


def spectrum(x, window="hann", center=False, fft=FFT):
    weights = scipy.signal.get_window(window, WINDOW, fftbins=True)
    return np.fft.rfft(frames(x, center) * weights, n=fft)


def mel_filters(count, scale, low, high, area):
    if scale == "htk":
        to_mel = lambda f: 2595 * np.log10(1 + f / 700)
        grid = np.linspace(0, RATE / 2, 400001)
    else:
        step = np.log(6.4) / 27
        to_mel = lambda f: np.where(f < 1000, 3 * f / 200, 15 + np.log(np.maximum(f, 1) / 1000) / step)
        grid = np.linspace(0, RATE / 2, 400001)
    # The inverse of the scale by interpolating it, not by its formula.
    edges = np.interp(np.linspace(to_mel(low), to_mel(high), count + 2), to_mel(grid), grid)
    bins = np.arange(FFT // 2 + 1) * RATE / FFT
    filters = np.stack([np.interp(bins, edges[m : m + 3], [0, 1, 0]) for m in range(count)])
    if area:
        filters *= (2 / (edges[2:] - edges[:-2]))[:, None]
    return filters


def slopes(x):
    return scipy.ndimage.correlate1d(x, np.array([-2, -1, 0, 1, 2]) / 10, axis=0, mode="nearest")


def standard(x):
    return (x - x.mean(axis=0)) / x.std(axis=0)


power = np.abs(spectrum(signal)) ** 2
log_mel = np.log(np.maximum(power @ mel_filters(24, "htk", 20, 4000, False).T, 1e-10))
slaney = np.log(np.maximum(power @ mel_filters(20, "slaney", 0, 3800, True).T, 1e-10))
emphasized = signal - 0.97 * np.concatenate([[0], signal[:-1]])
povey = scipy.signal.get_window("hann", WINDOW, fftbins=False) ** 0.85
emphasized_power = np.abs(np.fft.rfft(frames(emphasized) * povey, n=FFT)) ** 2
emphasized_mel = np.log(np.maximum(emphasized_power @ mel_filters(23, "htk", 20, 4000, False).T, 1e-10))
cepstrum = scipy.fft.dct(emphasized_mel, type=2, norm="ortho", axis=1)[:, :13]
cepstrum *= 1 + 11 * np.sin(np.pi * np.arange(13) / 22)
slope = slopes(cepstrum)
mfcc = np.hstack([cepstrum, slope, slopes(slope)])
hamming = spectrum(signal, "hamming", center=True, fft=WINDOW)

reference = {
    "signal": signal,
    "power": power,
    "stftReal": spectrum(signal).real[:3],
    "stftImaginary": spectrum(signal).imag[:3],
    "logSpectrogram": np.log(np.maximum(np.abs(spectrum(signal, fft=WINDOW)) ** 2, 1e-10)),
    "log1pCentered": np.log1p(np.abs(hamming)),
    "logMel": log_mel,
    "logMelNormalized": standard(log_mel),
    "slaney": slaney,
    "mfcc": mfcc,
    "mean": log_mel.mean(axis=0),
    "deviation": log_mel.std(axis=0),
}
rounded = {
    name: {"shape": list(x.shape), "values": [float(f"{v:.8g}") for v in x.ravel()]}
    for name, x in reference.items()
}
target = pathlib.Path(__file__).with_suffix(".json")
target.write_text(json.dumps(rounded, separators=(",", ":")) + "\n")
