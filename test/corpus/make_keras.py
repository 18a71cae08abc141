"""Makes the HDF5 and Keras files of this folder, good and hostile.

Run with KERAS_BACKEND=numpy python3 make_keras.py (keras 3.15.1, h5py 3.16.0, numpy 2.4.6, ml_dtypes 0.6.0). Models
are saved by Keras itself, and the expected values are those of Keras's variables; `legacy.h5` is
written with h5py in the way of Keras 2. Messages of the hostile files are in keras/hostile.json, written by hand.
"""

import hashlib
import io
import json
import shutil
import zipfile
from pathlib import Path

import h5py
import keras
import numpy as np
from keras import layers as L

FOLDER = Path(__file__).parent / "keras"
HOSTILE = FOLDER / "hostile"
rng = np.random.default_rng(20240)


def expected(dtype, values):
    wide = np.asarray(values).astype("<f8", order="C")
    digest = hashlib.sha256(wide.tobytes()).hexdigest()
    return {"dtype": dtype, "shape": list(wide.shape), "sha256": digest, "sum": float(wide.sum())}


def write_expected(name, form, tensors):
    text = json.dumps({"format": form, "tensors": tensors}, indent=1, ensure_ascii=False)
    (FOLDER / f"{name}.expected.json").write_text(text + "\n")


def spelled(dtype):
    return np.dtype(dtype).name


def numbers(dtype, shape):
    dtype = np.dtype(dtype)
    if dtype.kind == "b":
        return rng.integers(0, 2, shape).astype(dtype)
    if dtype.kind == "f":
        return rng.standard_normal(shape).astype(dtype)
    info = np.iinfo(dtype)
    values = rng.integers(max(info.min, -(2**53) + 1), min(info.max, 2**53 - 1), shape, endpoint=True)
    return values.astype(dtype)


def write_mixed():
    """Every width, both byte orders, every layout; and tensors that are listed but not read."""
    tensors = {}
    with h5py.File(FOLDER / "mixed.h5", "w") as file:

        def put(name, values, **options):
            file.create_dataset(name, data=values, **options)
            tensors[name] = expected(spelled(values.dtype.newbyteorder("=")), values)

        for order in "<>":
            for kind in ["f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"]:
                put(f"{'little' if order == '<' else 'big'}/{kind}", numbers(order + kind, (3, 4)))
        put("bool", numbers("?", (5, 2)))
        put("scalar", np.float32(2.5))
        put("empty", np.zeros((0, 3), "f4"))
        put("one", numbers("f8", (1, 1, 7)))
        put("special", np.array([-0.0, 5e-324, 1.7976931348623157e308], "f8"))
        put("gzip", numbers("f4", (50, 30)), chunks=(7, 11), compression="gzip", shuffle=True)
        put("fletcher", numbers(">i2", (20, 6)), chunks=(6, 6), fletcher32=True)
        put("resizable", numbers("i4", (9,)), maxshape=(None,), chunks=(4,))
        file.create_dataset("sparse", shape=(40, 3), dtype="f4", chunks=(8, 3), fillvalue=1.5)
        tensors["sparse"] = expected("float32", np.full((40, 3), 1.5, "f4"))
        put("a/b/c/d/deep", numbers("f4", (2, 2, 2)))
        file["notread/text"] = "words"
        file.create_dataset("notread/fixed", data=np.array([b"ab", b"c"]))
        file.create_dataset("notread/compound", data=np.zeros(2, [("x", "f4"), ("y", "i2")]))
        file.create_dataset("notread/lzf", data=np.zeros((20,), "f4"), chunks=(10,), compression="lzf")
        file.create_dataset("notread/null", data=h5py.Empty("f4"))
        file.create_dataset("notread/enum", data=np.array([0, 2]), dtype=h5py.enum_dtype({"A": 0, "B": 2}, "i1"))
        file.create_dataset("notread/reference", data=file["one"].ref, dtype=h5py.ref_dtype)
        file.create_dataset("notread/claims", shape=(2**40,), dtype="f4", chunks=(1024,))
        file.create_dataset("notread/outside", shape=(4,), dtype="u1", external=[("/dev/zero", 0, 4)])
        file.create_dataset("notread/beyond", data=np.array([1, 2**53 + 1], "i8"))
        file["notread/soft"] = h5py.SoftLink("/nowhere")
        file["notread/link"] = h5py.ExternalLink("other.h5", "/x")
    write_expected("mixed.h5", "HDF5", tensors)


def write_layouts():
    """The newest version of the format; and a user block before the file."""
    for name, options in [("latest.h5", {"libver": "latest"}), ("userblock.h5", {"userblock_size": 2048})]:
        values = {"w": numbers("f4", (6, 5)), "group/chunked": numbers("f8", (30, 4))}
        with h5py.File(FOLDER / name, "w", **options) as file:
            for key, data in values.items():
                file.create_dataset(key, data=data, chunks=(8, 4) if "chunked" in key else None)
        write_expected(name, "HDF5", {k: expected(spelled(v.dtype), v) for k, v in values.items()})


def model():
    keras.utils.set_random_seed(7)
    images = keras.Input((8, 8, 3), name="images")
    x = L.Conv2D(4, 3, name="stem", activation="relu")(images)
    x = L.BatchNormalization(name="norm")(x)
    x = L.DepthwiseConv2D(3, name="depthwise")(x)
    x = L.SeparableConv2D(5, 3, name="separable", padding="same")(x)
    x = L.Reshape((16, 5))(x)
    x = L.Conv1D(6, 3, name="line")(x)
    x = L.MultiHeadAttention(2, 3, name="attend")(x, x)
    x = L.LayerNormalization(name="tidy")(x)
    x = L.LSTM(4, name="memory")(x)
    x = L.Dropout(0.1, name="drop")(x)
    x = L.Dense(6, name="hidden")(x)
    head = keras.Sequential([keras.Input((6,)), L.Dense(4, name="first"), L.Dense(3, name="second")], name="head")
    made = keras.Model(images, L.Dense(2, name="hidden_too", use_bias=False)(head(x)), name="whole")
    made.compile("sgd", "mse")
    made.optimizer.build(made.trainable_variables)
    return made


def variables(of):
    """By Keras's own paths, without the name of a Sequential model, which is their first element."""
    return {v.path.removeprefix("small/"): expected(v.dtype, np.asarray(v.value).astype("f8")) for v in of}


def rewrite(path, change_weights=None, compression=zipfile.ZIP_STORED, target=None):
    """Rewrites an archive with a fixed date, and optionally with its weights changed in place."""
    with zipfile.ZipFile(path) as archive:
        members = {info.filename: archive.read(info) for info in archive.infolist()}
    members["metadata.json"] = json.dumps({"keras_version": keras.__version__, "date_saved": "2024-01-01@00:00:00"})
    if change_weights is not None:
        weights = io.BytesIO(members["model.weights.h5"])
        with h5py.File(weights, "r+") as file:
            change_weights(file)
        members["model.weights.h5"] = weights.getvalue()
    with zipfile.ZipFile(target or path, "w") as archive:
        for name, data in members.items():
            info = zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0))
            info.compress_type = compression
            archive.writestr(info, data)


def drop_names(file):
    def drop(_, item):
        item.attrs.pop("name", None)

    file.visititems(drop)


def as_keras_2_12(file):
    drop_names(file)
    file.move("layers", "_layer_checkpoint_dependencies")


def write_models():
    made = model()
    all_weights = variables(made.weights)
    state = variables(made.optimizer.variables)
    made.save(FOLDER / "model.keras")
    rewrite(FOLDER / "model.keras")
    with h5py.File(io.BytesIO(zipfile.ZipFile(FOLDER / "model.keras").read("model.weights.h5"))) as file:
        kept = {
            f"optimizer/vars/{i}": expected(spelled(d.dtype), d[()])
            for i, d in ((i, file["optimizer/vars"][i]) for i in file["optimizer/vars"])
        }
    numbered = {**all_weights, **kept}
    write_expected("model.keras", "Keras", numbered)
    rewrite(FOLDER / "model.keras", None, zipfile.ZIP_DEFLATED, FOLDER / "deflated.keras")
    write_expected("deflated.keras", "Keras", numbered)
    unnamed = {
        name.replace("lstm_cell", "cell")
        .replace("attend/query", "attend/query_dense")
        .replace("attend/key", "attend/key_dense")
        .replace("attend/value", "attend/value_dense")
        .replace("attend/attention_output", "attend/output_dense"): tensor
        for name, tensor in numbered.items()
    }
    for name, change in [("unnamed.keras", drop_names), ("older.keras", as_keras_2_12)]:
        rewrite(FOLDER / "model.keras", change, zipfile.ZIP_DEFLATED, FOLDER / name)
        write_expected(name, "Keras", unnamed)
    made.save_weights(FOLDER / "model.weights.h5")
    write_expected("model.weights.h5", "Keras", numbered)
    made.save(FOLDER / "model.h5")
    of_optimiser = {f"optimizer_weights/{name}": tensor for name, tensor in state.items()}
    write_expected("model.h5", "Keras", {**all_weights, **of_optimiser})


def write_bfloat16():
    keras.utils.set_random_seed(8)
    made = keras.Sequential([keras.Input((4,)), L.Dense(3, name="half", dtype="bfloat16")], name="small")
    made.save(FOLDER / "bfloat16.keras")
    rewrite(FOLDER / "bfloat16.keras")
    write_expected("bfloat16.keras", "Keras", variables(made.weights))


def write_legacy():
    """As Keras 2 writes: names as bytes of a fixed length, `:0`, a list of layers split over two attributes."""
    tensors = {}
    names = ["conv1d", "bloc/été", "dense", "flatten"]
    with h5py.File(FOLDER / "legacy.h5", "w") as file:
        layers = [
            {"class_name": c, "config": {"name": n}}
            for c, n in zip(["Conv1D", "Conv2DTranspose", "Dense", "Flatten"], names)
        ]
        file.attrs["model_config"] = json.dumps({"class_name": "Sequential", "config": {"name": "old", "layers": layers}})
        file.attrs["keras_version"] = b"2.4.0"
        weights = file.create_group("model_weights")
        weights.attrs["layer_names0"] = np.array([n.encode() for n in names[:3]])
        weights.attrs["layer_names1"] = np.array([n.encode() for n in names[3:]])
        for name, shape in zip(names, [(3, 2, 4), (3, 3, 2, 4), (8, 5), None]):
            group = weights.create_group(name)
            listed = [] if shape is None else [f"{name}/kernel:0", f"{name}/bias:0"]
            group.attrs["weight_names"] = np.array([n.encode() for n in listed])
            for weight, extent in zip(listed, [shape, (4,)]):
                values = numbers("f4", extent)
                group.create_dataset(weight, data=values)
                tensors[weight] = expected("float32", values)
        step = np.int64(12)
        file["optimizer_weights/Adam/iter:0"] = step
        tensors["optimizer_weights/Adam/iter:0"] = expected("int64", step)
    write_expected("legacy.h5", "Keras", tensors)


def write_hostile():
    whole = (FOLDER / "mixed.h5").read_bytes()
    (HOSTILE / "cut.h5").write_bytes(whole[: len(whole) // 2])
    (HOSTILE / "signature.h5").write_bytes(whole[:8])
    (HOSTILE / "noise.h5").write_bytes(whole[:8] + rng.bytes(600))
    with h5py.File(HOSTILE / "circle.h5", "w") as file:
        group = file.create_group("a")
        group["again"] = group
    with h5py.File(HOSTILE / "missing.h5", "w") as file:
        file.attrs["layer_names"] = ["dense"]
        file.create_group("dense").attrs["weight_names"] = ["dense/kernel:0"]
    weights = zipfile.ZipFile(FOLDER / "bfloat16.keras").read("model.weights.h5")
    good = {"metadata.json": b"{}", "config.json": b"{}", "model.weights.h5": weights}
    archives = {
        "config.keras": {**good, "config.json": b"{"},
        "cut.keras": {**good, "model.weights.h5": weights[:700]},
        "text.keras": {**good, "model.weights.h5": b"no weights"},
        "shards.keras": {"metadata.json": b"{}", "config.json": b"{}", "model.weights.json": b"{}"},
        "npz.keras": {"metadata.json": b"{}", "config.json": b"{}", "model.weights.npz": b""},
    }
    for name, members in archives.items():
        with zipfile.ZipFile(HOSTILE / name, "w") as archive:
            for member, data in members.items():
                archive.writestr(zipfile.ZipInfo(member, (2024, 1, 1, 0, 0, 0)), data)


shutil.rmtree(HOSTILE, ignore_errors=True)
HOSTILE.mkdir(parents=True)
write_mixed()
write_layouts()
write_models()
write_bfloat16()
write_legacy()
write_hostile()
