// What Terraform 1.11.4 prints with -json while another one holds its state's lock.
#pragma once

#include <string>

namespace comments::tests {

inline const std::string kStateLockId = "c4965868-3a81-115e-6dd5-b10e7970890b";
inline const std::string kStateIsLocked =
    R"({"@level":"info","@message":"Terraform 1.11.4","@module":"terraform.ui","@timestamp":"2026-11-28T22:29:04.494655Z","terraform":"1.11.4","type":"version","ui":"1.2"}
{"@level":"info","@message":"Acquiring state lock. This may take a few moments...","@module":"terraform.ui","@timestamp":"2026-11-28T22:29:04Z","type":"state_lock_acquire"}
{"@level":"error","@message":"Error: Error acquiring the state lock","@module":"terraform.ui","@timestamp":"2026-11-28T22:29:05.501884Z","diagnostic":{"severity":"error","summary":"Error acquiring the state lock","detail":"Error message: resource temporarily unavailable\nLock Info:\n  ID:        )" +
    kStateLockId +
    R"(\n  Path:      /tmp/s.tfstate\n  Operation: OperationTypeApply\n  Who:       root@vm\n  Version:   1.11.4\n  Created:   2026-11-28 22:29:01.38958757 +0000 UTC\n  Info:      \n\n\nTerraform acquires a state lock to protect the state from being written\nby multiple users at the same time. Please resolve the issue above and try\nagain. For most commands, you can disable locking with the \"-lock=false\"\nflag, but this is not recommended."},"type":"diagnostic"}
)";

}  // namespace comments::tests
