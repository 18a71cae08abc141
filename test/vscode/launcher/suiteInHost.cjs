// What VS Code loads as the test suite: runs the real one, and leaves a file when that has come to its end. Without the
// file, an extension host that dies in the middle of the tests would look like success, since VS Code then exits with 0.
const { writeFileSync } = require('node:fs');

exports.run = async () => {
  await require(process.env.PENTIMENTO_TEST_SUITE).run();
  writeFileSync(process.env.PENTIMENTO_TEST_FINISHED, '');
};
